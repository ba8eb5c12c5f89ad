"""Every write that touches more than one row or has an effect."""
