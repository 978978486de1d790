"""One page at a time, of a case that is too large to be weighed for it."""
