"""Who answered for a unit or a place on a day, weakest link first."""
