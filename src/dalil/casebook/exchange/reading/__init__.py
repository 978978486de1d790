"""A list read to its end, many rows at once: what is wrong in it, before anything is written."""
