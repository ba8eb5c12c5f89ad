"""Reading files that administrators upload."""
