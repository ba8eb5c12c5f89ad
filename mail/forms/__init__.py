"""What people type; a module per subject."""
