"""The pages of this room: text first, the look itself, its media, one's own looks."""
