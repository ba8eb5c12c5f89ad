"""A share of the people, the same ones every time."""

from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.calculations.drawing import is_drawn

names = st.integers(1, 10**12)


def drawn(contact: int, share: int, *, survey: int = 3, round_: str = "once") -> bool:
    return is_drawn(survey=survey, round_=round_, contact=contact, share=share)


@settings(deadline=None)
@given(contact=names)
def test_all_means_all(contact: int) -> None:
    assert drawn(contact, 100)
    assert not drawn(contact, 0)


@settings(deadline=None)
@given(contact=names, small=st.integers(1, 100), more=st.integers(0, 99))
def test_a_larger_share_holds_the_smaller_one(
    contact: int, small: int, more: int
) -> None:
    large = min(100, small + more)
    assert drawn(contact, small) <= drawn(contact, large)
    assert drawn(contact, small) == drawn(contact, small)


def test_the_share_is_what_was_asked_for() -> None:
    # Of 40,000 the standard error is a quarter of a point at most.
    for share in (1, 10, 50, 90):
        hit = sum(drawn(contact, share) for contact in range(1, 40_001))
        assert abs(hit / 400 - share) < 1


def test_another_round_or_survey_draws_anew() -> None:
    contacts = range(1, 4001)
    one = [drawn(contact, 50) for contact in contacts]
    for other in (
        [drawn(contact, 50, round_="twice") for contact in contacts],
        [drawn(contact, 50, survey=4) for contact in contacts],
    ):
        both = sum(a == b for a, b in zip(one, other, strict=True))
        assert abs(both / 4000 - 0.5) < 0.05
