"""The law as data, and what is supposed, element by element."""
