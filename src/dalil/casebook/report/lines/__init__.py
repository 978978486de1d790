"""Records as one line each."""
