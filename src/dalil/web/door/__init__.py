"""Who comes in: login, second factor, first set-up, people, leaving."""
