"""Copies of clips: what was found, what people judged of it, how the copies hang together."""
