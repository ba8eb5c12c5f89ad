"""A gateway of our own that speaks Stripe's HTTP API to Stripe's own library.

For development, tests and the demo: no money moves, and no number of a card is asked for.
It knows nothing of the application, and the application knows nothing of it (ADR 31).
"""
