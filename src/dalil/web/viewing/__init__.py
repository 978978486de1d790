"""Looking at footage: text first, and each look on the record."""
