"""Who did what to whom, seen where in which footage."""
