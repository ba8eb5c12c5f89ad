"""What measures say: (value, value before, as of) to a sentence of the active language."""
