"""Companies: who coordinates the training of whose workers, and what they see of them."""
