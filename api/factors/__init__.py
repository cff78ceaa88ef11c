"""A second factor: codes of an app, passkeys, and codes for the day when both are lost."""
