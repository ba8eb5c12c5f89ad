"""Where conventions differ, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.enums import MovementKind
from insights.revenue_words import KINDS, signed_money
from insights.selectors.revenue_compare import Compared
from insights.selectors.revenue_reasons import Because, Key

BECAUSE = {
    "discount_for_a_while": gettext_lazy("A discount that ends counts in only one."),
    "discounted": gettext_lazy("A discount counts in only one."),
    "paused": gettext_lazy("A pause is worth nothing in only one."),
    "past_due": gettext_lazy("An unpaid invoice takes the revenue out in only one."),
    "cancelled_before_end": gettext_lazy(
        "A cancellation counts on another day than the end of the subscription."
    ),
    "within_the_hour": gettext_lazy(
        "Changes close together are one movement in only one."
    ),
    "same_month": gettext_lazy("Coming and going in one month counts in only one."),
    "back_after_long": gettext_lazy(
        "Coming back after a long time is called new in only one."
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason, and what it moves."""

    words: str
    amounts: str


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A customer of whom two conventions say different things."""

    compared: Compared
    cells: list[Decimal]
    closing: Decimal
    reasons: list[Reason]


def compared_lines(
    rows: Sequence[Compared], why: dict[Key, list[Because]]
) -> list[ComparedLine]:
    """This will put differences and their reasons into words."""
    return [
        ComparedLine(
            row,
            [row.amounts[name] for name in KINDS.values()],
            row.amounts["closing"],
            [
                _reason(because, row.currency)
                for because in why.get((row.customer_id, row.currency), [])
            ],
        )
        for row in rows
    ]


def _reason(because: Because, currency: str) -> Reason:
    told = [
        _("%(movement)s %(amount)s")
        % {
            "movement": MovementKind(kind).label,
            "amount": signed_money(amount, currency),
        }
        for kind, amount in sorted(because.amounts.items())
        if kind
    ]
    if because.closing:
        told.append(
            _("at the end %(amount)s")
            % {"amount": signed_money(because.closing, currency)}
        )
    return Reason(str(BECAUSE.get(because.code, because.code)), ", ".join(told))
