"""Reads about subscriptions, revenue and renewals; a module per subject."""
