"""Incidents, people, units, places; claims, sources, weighing; command as of a date."""
