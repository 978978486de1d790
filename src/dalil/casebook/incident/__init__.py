"""Who did what to whom, where, when, and in which stretch of which item it is seen."""
