"""Every reason is one that has words, with what its words need."""

from dataclasses import replace
from decimal import Decimal

from billing.calculations.dunning.due import due_actions
from billing.calculations.dunning.reasons import REASONS
from tests.billing.calculations.dunning.making import CARD, FAILED, on


def test_reasons_carry_what_their_words_need() -> None:
    policy = replace(CARD, task_from=Decimal(1))
    for day in range(22):
        for action in due_actions(FAILED, policy, on(day)).due:
            assert set(REASONS[action.reason]) <= dict(action.data).keys()
