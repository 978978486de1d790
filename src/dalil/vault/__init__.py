"""Originals, by content, written once and checked for ever."""
