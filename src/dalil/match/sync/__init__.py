"""Recordings of one moment on one clock, by sound and by motion, each with its uncertainty."""
