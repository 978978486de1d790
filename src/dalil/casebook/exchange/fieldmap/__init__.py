"""A field map says which column becomes which field of which record; it is data, not code."""
