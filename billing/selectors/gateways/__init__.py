"""Reads of accounts at gateways."""
