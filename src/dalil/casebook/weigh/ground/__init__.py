"""On what ground things are said: what stands, where it comes from, who agrees with whom."""
