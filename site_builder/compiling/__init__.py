"""Pages to a catalogue and the problems of all of them."""
