"""The window of a team: who looks at what, how far people agree, and how much they rely on proposals."""
