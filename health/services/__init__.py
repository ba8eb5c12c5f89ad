"""Every write of the run, its shards, the board and the list."""
