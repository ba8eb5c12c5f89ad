"""Dunning decided without a database, a clock or a network.

`due_actions(snapshot, policy, now)` says what is due; the rest is what that needs and what
becomes of it: `declines` (what a refusal means), `transitions` (what may follow what),
`reasons` (every code with what its words need), `attribution` (what brought the money) and
`recovery` (rates with their ranges).
"""
