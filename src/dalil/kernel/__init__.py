"""Pure functions over bytes: digests, trees, signatures, canonical form."""
