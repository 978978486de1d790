"""What leaves the house: a part with its proof, a case file."""
