"""Paths, secrets, logging, crash reports."""
