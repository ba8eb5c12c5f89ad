"""Reads across tables; the only home of raw SQL."""
