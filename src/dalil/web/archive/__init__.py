"""What is held, how it came, and taking more in."""
