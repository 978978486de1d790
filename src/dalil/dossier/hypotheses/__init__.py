"""Hypotheses in the case file, element by element, with all that undermines them."""
