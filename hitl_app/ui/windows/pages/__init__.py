"""Pages of the settings, one file a page. A page shows what it is given and says what was chosen."""
