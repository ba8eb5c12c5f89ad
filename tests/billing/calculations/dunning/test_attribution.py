"""What brought the money in."""

import datetime as dt
from dataclasses import replace

import pytest

from billing.calculations.dunning.attribution import Before, Payment, cause_of
from tests.billing.calculations.dunning.making import BEGAN, OLD

DAY = dt.timedelta(days=1)
PAID = Payment(BEGAN + 20 * DAY, "gateway", "m1", OLD)
BEFORE = Before(BEGAN, "charge", "m1")
LONG_AGO = PAID.paid_at - 15 * DAY


@pytest.mark.parametrize(
    ("payment", "before", "cause"),
    [
        # Nothing but the gateway itself.
        ({}, {}, "itself"),
        # Another method, or the same renewed since; not one renewed before or after.
        ({"method": "m2"}, {}, "method"),
        ({"attempt": "method_changed", "method": ""}, {}, "method"),
        ({"method_changed_at": BEGAN + DAY}, {}, "method"),
        ({"method_changed_at": BEGAN}, {}, "itself"),
        ({"method_changed_at": PAID.paid_at + DAY}, {}, "itself"),
        ({"method": "m2"}, {"first_method": ""}, "itself"),
        ({"method": ""}, {}, "itself"),
        ({"method": "m2", "attempt": "schedule"}, {}, "method"),
        # Our own try with the same method, whoever wrote or called meanwhile.
        ({"attempt": "schedule"}, {"touched": (PAID.paid_at - DAY,)}, "retry"),
        # A person: by hand, by noting it, by a contact in the week before.
        ({"attempt": "person"}, {}, "person"),
        ({"attempt": "", "recorded": True}, {}, "person"),
        ({}, {"touched": (PAID.paid_at - 7 * DAY,)}, "person"),
        ({}, {"touched": (PAID.paid_at - 7.01 * DAY,)}, "itself"),
        ({}, {"touched": (PAID.paid_at + DAY,)}, "itself"),
        # The customer's own hand, within two weeks after a mail; a person comes first.
        ({"own_hand": True}, {"written": (PAID.paid_at - 14 * DAY,)}, "mail"),
        ({"own_hand": True}, {"written": (LONG_AGO,)}, "itself"),
        ({"own_hand": True}, {}, "itself"),
        ({}, {"written": (PAID.paid_at - DAY,)}, "itself"),
        (
            {"own_hand": True},
            {"written": (PAID.paid_at - DAY,), "touched": (PAID.paid_at - DAY,)},
            "person",
        ),
    ],
)
def test_cards(payment: dict, before: dict, cause: str) -> None:
    found = cause_of(replace(PAID, **payment), replace(BEFORE, **before))
    assert found == cause


@pytest.mark.parametrize(
    ("before", "cause"),
    [
        ({"written": (PAID.paid_at - DAY,)}, "mail"),
        ({"written": (LONG_AGO,)}, "itself"),
        ({"touched": (PAID.paid_at - DAY,)}, "person"),
    ],
)
def test_noting_a_transfer_is_bookkeeping(before: dict, cause: str) -> None:
    payment = Payment(PAID.paid_at, recorded=True)
    assert cause_of(payment, replace(BEFORE, collection="transfer", **before)) == cause
