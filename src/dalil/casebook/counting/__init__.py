"""Counting persons in a clip: two count blind, their marks are compared, a third decides."""
