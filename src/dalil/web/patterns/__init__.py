"""Every component of the pages, in both directions and themes."""
