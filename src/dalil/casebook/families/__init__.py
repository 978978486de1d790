"""What the families of victims were told and answered, and what waits for that answer."""
