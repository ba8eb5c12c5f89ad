"""The scales of the three kinds of survey, and the three groups of each."""

# The lowest and the highest answer.
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
# The highest answer of the low group, and the lowest of the high one.
BORDERS = {"nps": (6, 9), "csat": (2, 4), "ces": (3, 6)}
LOW, MIDDLE, HIGH = GROUPS = ("low", "middle", "high")


def group_of(kind: str, score: int) -> str:
    """This will return whether a score is low, high or between them.

    NPS: 0–6 detractors, 7–8 passives, 9–10 promoters. CSAT: 1–2, 3, 4–5. CES: 1–3, 4–5,
    6–7, where 7 is the least effort.
    """
    last_low, first_high = BORDERS[kind]
    if score <= last_low:
        return LOW
    return HIGH if score >= first_high else MIDDLE


def scale_of(kind: str) -> range:
    """This will return all scores of a kind, from the lowest to the highest."""
    first, last = SCALES[kind]
    return range(first, last + 1)
