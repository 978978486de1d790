"""The whole index written anew: rows made on all cores, written by one, sorted at the end."""
