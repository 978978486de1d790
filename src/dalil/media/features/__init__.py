"""What copies of footage are recognised by: made while it is sealed, thrown away at will."""
