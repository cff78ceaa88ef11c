"""Messages to people: an outbox, what they want to get, and how it leaves."""
