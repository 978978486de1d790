"""What two films show: where they agree, through which transform, and whether they move alike."""
