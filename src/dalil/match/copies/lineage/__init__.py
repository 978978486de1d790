"""How each copy was written, as its file tells, and which likely came before which."""
