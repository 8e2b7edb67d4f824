"""Reading exports back: what can be seen in a folder, and what a trainer's own loading code makes of it."""
