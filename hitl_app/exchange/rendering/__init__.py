"""Rows as a trainer sees them: rendered through a chat template, in a process of its own."""
