"""The pages of this room: one file for lanes, code book, rounds, transcript, in and out."""
