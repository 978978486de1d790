"""The same footage, wherever it turns up: leads for a person to judge, never merges."""
