"""The simulation: one seed and one day in, the same company with its truth out."""
