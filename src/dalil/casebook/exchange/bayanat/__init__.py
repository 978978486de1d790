"""What Bayanat gives out as JSON: bulletins, actors and incidents, with all that hangs on them."""
