"""Importers, recognised from content."""
