"""A part of what is kept, redacted or not, with its proof."""
