"""Pages that combine."""
