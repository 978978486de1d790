"""The pages of the casebook, by what they show or write."""
