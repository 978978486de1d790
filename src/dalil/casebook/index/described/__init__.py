"""What is described of footage, in the index: which record speaks of which item, what is blind."""
