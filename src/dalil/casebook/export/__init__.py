"""What leaves as lists: sheets, FollowTheMoney, annotations, GeoJSON; each says its view."""
