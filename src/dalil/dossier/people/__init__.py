"""People and places in the case file: whose name stays closed, who is seen and recognised where."""
