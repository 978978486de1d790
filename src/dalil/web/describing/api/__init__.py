"""Lanes, code books, transcripts and rounds as JSON: what an editor reads, and what it signs."""
