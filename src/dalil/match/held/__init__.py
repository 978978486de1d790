"""What is kept of an archive to find copies in it: thrown away and made again at will."""
