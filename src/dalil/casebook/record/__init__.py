"""What the casebook writes down: one frozen form for each kind of record (spec/casebook.md)."""
