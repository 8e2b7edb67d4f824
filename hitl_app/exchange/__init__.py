"""Files in and out: one importer or exporter a format."""
