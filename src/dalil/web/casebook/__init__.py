"""What is said and on what ground, as pages."""
