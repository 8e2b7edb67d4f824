"""Use cases that a face calls: library, refinement, review, exporting."""
