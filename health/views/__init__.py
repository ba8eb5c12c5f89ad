"""Pages and actions of the health app."""
