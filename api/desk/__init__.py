"""What waits for somebody who works at the centre, out of every room."""
