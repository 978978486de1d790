"""Who an archive begins with, and what each may do there: role, clearance, a machine's list."""
