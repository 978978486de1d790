"""Dates and names as people write them, and how they are compared."""
