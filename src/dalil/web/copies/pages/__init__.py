"""The pages of this room: the queue, one lead, the copies of a clip, a file from outside."""
