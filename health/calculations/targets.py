"""How soon a request should be answered and resolved, by its priority."""

# Hours until the first response, and until the resolution.
TARGETS: dict[str, tuple[int, int]] = {
    "urgent": (4, 24),
    "high": (8, 48),
    "medium": (24, 96),
    "low": (48, 168),
}
