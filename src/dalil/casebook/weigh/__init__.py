"""What is said, on what ground, and what speaks against it."""
