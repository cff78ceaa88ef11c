"""The API: sign-in, attempts and their grading, progress, results."""
