"""What people are told before a practical, and before something expires."""
