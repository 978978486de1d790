"""Copies of one recording: what persons judged, who belongs together, and in which order."""
