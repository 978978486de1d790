"""Timeline, map, command chain and origins, drawn, each with a list beside."""
