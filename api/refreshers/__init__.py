"""Two minutes a day of questions that are about to be forgotten."""
