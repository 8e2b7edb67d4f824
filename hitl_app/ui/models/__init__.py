"""Qt models over pages of the store."""
