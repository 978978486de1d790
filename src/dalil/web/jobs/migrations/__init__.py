"""Changes of the desk database."""
