"""Writes that concern more than one app."""
