"""Making the demo company."""
