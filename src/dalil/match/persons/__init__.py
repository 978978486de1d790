"""The same person in several lists: candidates with reasons, for people to judge."""
