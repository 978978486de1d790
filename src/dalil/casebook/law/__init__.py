"""Elements of crimes as data, and what a casebook holds for and against each of them."""
