"""Exporters, one a target format."""
