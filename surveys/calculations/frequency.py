"""Is something said more often than before, or is that chance?"""

from enum import StrEnum

# How rarely chance alone may be taken for a change.
LEVEL = 0.05


class Change(StrEnum):
    """What can be said of two counts."""

    MORE = "more"
    LESS = "less"
    SAME = "same"  # the difference may well be chance
    UNKNOWN = "unknown"  # nothing to compare with


def change_between(*, now: int, before: int, all_now: int, all_before: int) -> Change:
    """This will compare how many raised something with the period before.

    `all_now` and `all_before` are how many said anything at all, so that more surveys do
    not look like more trouble. Given their sum, the first of two Poisson counts is
    binomial with the share of its exposure; the test is exact and two-sided, twice the
    smaller tail (J. Przyborowski and H. Wilenski, Biometrika 31, 1940, 313-323).
    """
    if not all_now or not all_before:
        return Change.UNKNOWN
    total = now + before
    share = all_now / (all_now + all_before)
    if chance_of(now, total, share) > LEVEL:
        return Change.SAME
    return Change.MORE if now > total * share else Change.LESS


def chance_of(count: int, total: int, share: float) -> float:
    """This will return how likely chance alone is to be as far from the share, 0 to 1."""
    from scipy.special import bdtr  # noqa: PLC0415 - heavy, and not needed by every page

    below = float(bdtr(count, total, share))
    above = 1.0 if count == 0 else 1 - float(bdtr(count - 1, total, share))
    return min(1.0, 2 * min(below, above))
