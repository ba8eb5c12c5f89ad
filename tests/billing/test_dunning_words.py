"""Everything that is done or left out can be told, with its data and without."""

import pytest
from django.utils import translation

from accounts.models import Company
from billing.calculations.dunning.declines import CODES
from billing.calculations.dunning.declines import REASONS as DECLINES
from billing.calculations.dunning.reasons import REASONS
from billing.dunning_words import decline_words, reason_words, step_words
from billing.enums import StepKind
from billing.services.dunning.attempts import AGAINST

DATA = {
    "day": "7",
    "number": "3",
    "from": "1000",
    "code": "stolen_card",
    "most": "8",
    "until": "2026-07-10",
}


@pytest.mark.parametrize("code", sorted({*REASONS, *AGAINST}))
def test_every_reason_has_words(code: str, company: Company) -> None:
    del company
    plain = reason_words(code, {})
    told = reason_words(code, DATA)
    for words in (plain, told):
        assert words
        assert words != "For another reason"
        assert "%" not in words
        assert not words.endswith(".")
    # What needs nothing says the same.
    assert (plain == told) is not bool(REASONS.get(code))
    with translation.override("de"):
        assert reason_words(code, DATA) != told


def test_what_nobody_knows_is_told_all_the_same() -> None:
    assert reason_words("something_new", {}) == "For another reason"


@pytest.mark.parametrize(
    ("code", "data", "words"),
    [
        ("retry_day", {"day": "3"}, "Tried again, as on day 3"),
        (
            "hard_decline",
            {"code": "lost_card"},
            "This payment method was refused for good: The card was reported lost",
        ),
        (
            "most_attempts",
            {"most": "1"},
            "It was tried once, as often as the policy allows",
        ),
        (
            "most_days",
            {"most": "28"},
            "More than 28 days have passed, and the policy tries no longer",
        ),
        (
            "large_amount",
            {"from": "1500"},
            "A task was given: it is about €1,500 or more",
        ),
        (
            "left_alone",
            {"until": "2026-07-10"},
            "Left alone until 10 July 2026, by hand",
        ),
        ("left_alone", {"until": "soon"}, "Left alone for a while, by hand"),
    ],
)
def test_words_say_what_the_data_say(
    code: str, data: dict[str, str], words: str, company: Company
) -> None:
    del company
    assert reason_words(code, data) == words


def test_every_refusal_is_a_sentence() -> None:
    told = {decline_words(code) for code in CODES}
    assert len(told) == len(DECLINES)
    assert all(words.endswith(".") for words in told)
    assert decline_words("never_heard_of") == decline_words("")


def test_steps_are_named_with_their_day() -> None:
    told = [step_words(kind, 3) for kind in StepKind.values]
    assert told[0] == "Try again on day 3"
    assert len(set(told)) == len(StepKind.values)
