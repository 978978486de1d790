"""Describing footage by time code: lanes, code book, transcript."""
