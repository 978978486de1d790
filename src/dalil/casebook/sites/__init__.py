"""Graves and homes: who may know where exactly, what is said of each, who must be warned."""
