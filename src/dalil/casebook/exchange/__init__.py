"""Lists and cases in and out."""
