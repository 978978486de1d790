"""Claims sheets: one row a claim, with its sources and its names in sheets beside it."""
