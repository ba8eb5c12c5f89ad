"""The tables of the CSV layout that this app writes."""
