"""What P10, P50 and P90 stand for."""

# From the middle to P90 of a normal distribution.
Z90 = 1.2815515655446004
SHARES = (0.1, 0.5, 0.9)
