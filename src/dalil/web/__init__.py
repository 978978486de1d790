"""The desk: pages for people, over the same functions as the terminal; only web knows Django."""
