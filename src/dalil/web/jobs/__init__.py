"""Long work outside a request, in a process of its own, signed by whoever asked for it."""
