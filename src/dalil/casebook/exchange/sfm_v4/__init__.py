"""Claims as the Security Force Monitor's handbook, version 4, lays them out."""
