"""What administrators do in the browser, and what everybody may know and have done about themselves."""
