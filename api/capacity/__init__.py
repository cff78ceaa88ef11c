"""The centre against its capacity: a month, a year, what another year would need, and the screen at the entrance."""
