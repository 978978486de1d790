"""The dead and the missing, list by list: who may be one, what people judged, what lists say."""
