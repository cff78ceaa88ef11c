"""Routes of rooms, events, places, attendance, signatures and calendars, by what one does."""
