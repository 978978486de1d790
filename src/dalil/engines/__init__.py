"""Where bytes, rows and work live: files, SQLite, processes."""
