"""Panes of the window: each shows a state and emits what a person asks for."""
