"""Lists of victims, known by their columns: whoever made them, in Arabic or English words."""
