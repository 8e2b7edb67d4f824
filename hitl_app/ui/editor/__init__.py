"""The editor of a call's arguments: as a form and as JSON, with completion and checks."""
