"""One page: the list, the queue, a pair, one person."""
