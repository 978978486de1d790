"""Lists with one row for several statements, and sources beside each cell."""
