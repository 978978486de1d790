"""Copies of real footage, made as people make them, and how well they are found again."""
