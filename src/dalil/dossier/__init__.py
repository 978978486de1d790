"""The case file that leaves the house."""
