"""Reads about failed payments: how they stand, by which policy, and lists of them."""
