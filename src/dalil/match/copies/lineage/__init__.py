"""How each copy was written, as its file tells, and which likely stands nearer to the recording."""
