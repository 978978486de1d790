"""What FFmpeg says of a file: packets, frames, sound, and how each is hashed."""
