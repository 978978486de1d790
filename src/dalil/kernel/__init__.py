"""Bytes, hashes, trees, signatures, canonical form. No files, sockets, clock or randomness."""
