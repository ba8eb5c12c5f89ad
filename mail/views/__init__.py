"""Pages of the mail app."""
