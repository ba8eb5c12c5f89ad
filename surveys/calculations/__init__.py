"""Pure functions about answers."""
