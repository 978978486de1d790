"""One query over everything, in both scripts."""
