"""What a browser can play: a working copy of a stretch, by its recipe, and how loud it is where."""
