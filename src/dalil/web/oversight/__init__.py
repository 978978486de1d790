"""The state of the whole, for whoever leads; never a person's looks."""
