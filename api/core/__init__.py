"""What every feature of the API stands on."""
