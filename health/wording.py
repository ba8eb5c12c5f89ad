"""What a row of the list says in words: why, and what to do next."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from health.enums import Band
from health.measures import BY_CODE


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence with its icon, and the measure behind it."""

    measure: str
    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """One named thing to do, and the kind of interaction it would be logged as."""

    icon: str
    label: str
    kind: str


def reasons(
    *,
    codes: Sequence[int],
    values: Sequence[float],
    before: Sequence[float],
    as_of: dt.date,
    band: int,
    coverage: float,
) -> list[Reason]:
    """This will put a row's strongest drags into sentences of the active language.

    `codes` are those of measures; −1 is no reason. For an
    unknown customer the first sentence says how little is known.
    """
    lines = []
    if band == Band.UNKNOWN:
        share = round(coverage * 100)
        text = _("Only %(share)d%% of the signals are known") % {"share": share}
        lines.append(Reason("", "circle-question-mark", text))
    for code, value, earlier in zip(codes, values, before, strict=True):
        if code >= 0:
            measure = BY_CODE[code]
            text = measure.sentence(value, earlier, as_of)
            lines.append(Reason(measure.key, measure.icon, text))
    return lines[:2]


def first_key(codes: Sequence[int]) -> str:
    """This will return the key of the strongest measure, empty when there is none."""
    return BY_CODE[codes[0]].key if codes and codes[0] >= 0 else ""


def next_step(*, first_reason: str, contact: str) -> NextStep:
    """This will name the one thing to do: whom to call, or what to clear up.

    `first_reason` is the key of the strongest measure, empty when there is none.
    """
    if first_reason in {"overdue", "late_invoices", "failed_payments"}:
        return NextStep("receipt", _("Clear up the payment"), "email")
    if first_reason in {"sponsor", ""} and not contact:
        return NextStep("user-search", _("Find a new contact"), "note")
    if not contact:
        return NextStep("user-search", _("Find a contact"), "note")
    words = {"name": contact}
    if first_reason in {"tickets", "escalations", "resolution", "satisfaction", "nps"}:
        return NextStep("phone", _("Call %(name)s") % words, "call")
    if first_reason in {"last_contact", "pulse", "tenure", "revenue_trend"}:
        return NextStep("calendar-clock", _("Book a review"), "review")
    if first_reason in {"seat_use", "features"}:
        return NextStep("mail", _("Email %(name)s") % words, "email")
    return NextStep("phone", _("Call %(name)s") % words, "call")
