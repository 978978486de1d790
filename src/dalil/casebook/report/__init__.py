"""The casebook as a person would want to read it."""
