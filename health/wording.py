"""What a row of the list says in words: why, and what to do next."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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


# What the strongest drag asks for, by its key; a call where nothing else is said.
PAYMENT = {"overdue", "late_invoices", "failed_payments"}
REVIEW = {
    "last_contact", "pulse", "tenure", "revenue_trend", "meetings", "downgrade",
    "executive_contact", "renewal", "discount", "interval",
}  # fmt: skip
TRAINING = {"key_feature", "onboarding"}
EMAIL = {"seat_use", "seats_active", "features", "non_response", "support_silence"}


# What a source is called; payments come along with invoices.
SOURCES = {
    "usage": gettext_lazy("usage"),
    "tickets": gettext_lazy("support tickets"),
    "invoices": gettext_lazy("invoices and payments"),
}


def late_words(late: Mapping[str, int]) -> str:
    """This will say which sources are late and what that means; "" where none is.

    `late` is a run's parameters["late"]: source to days beyond its rhythm.
    """
    told = [
        ngettext("%(source)s (%(days)d day)", "%(source)s (%(days)d days)", days)
        % {"source": name, "days": days}
        for key, name in SOURCES.items()
        if (days := late.get(key, 0))
    ]
    if not told:
        return ""
    return _(
        "Late data: %(sources)s. What rests on it stands still, and nobody turns red or"
        " green because of it."
    ) % {"sources": ", ".join(told)}


def silence_words(days: int | None) -> str:
    """This will say how long a source was usually silent; nothing where nobody knows."""
    if days is None:
        return ""
    return ngettext(
        "In the last year 99 of 100 silences lasted %(days)d day at most.",
        "In the last year 99 of 100 silences lasted %(days)d days at most.",
        days,
    ) % {"days": days}


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
    if first_reason in PAYMENT:
        return NextStep("receipt", _("Clear up the payment"), "email")
    if first_reason == "tasks_overdue":
        return NextStep("list-checks", _("Do what is overdue"), "note")
    if first_reason in {"sponsor", "admin_left", ""} and not contact:
        return NextStep("user-search", _("Find a new contact"), "note")
    if not contact:
        return NextStep("user-search", _("Find a contact"), "note")
    words = {"name": contact}
    if first_reason in REVIEW:
        return NextStep("calendar-clock", _("Book a review"), "review")
    if first_reason in TRAINING:
        return NextStep("presentation", _("Offer a training"), "meeting")
    if first_reason in EMAIL:
        return NextStep("mail", _("Email %(name)s") % words, "email")
    return NextStep("phone", _("Call %(name)s") % words, "call")
