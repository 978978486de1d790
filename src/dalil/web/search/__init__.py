"""One box over everything that may be seen."""
