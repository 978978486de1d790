"""Claims in the case file: what was said, on what ground, and all that speaks against it."""
