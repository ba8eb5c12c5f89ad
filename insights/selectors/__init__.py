"""Reads across apps."""
