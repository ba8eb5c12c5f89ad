"""What the page of a plan shows."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.access import LEADERS
from accounts.models import User
from billing.models import BundlePart, Plan, PriceMove, PriceVersion
from billing.selectors.catalogue import OnVersion, on_versions, prices_on
from billing.subscription_words import amount_words
from common.templatetags import ui


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of a price, and who is on it."""

    price: PriceVersion
    amount: str
    state: str
    tone: str
    customers: int
    mrr: Decimal
    others: bool  # there is another version to move to


def plan_content(plan: Plan, *, user: User, today: dt.date) -> dict[str, Any]:
    """This will read all that a plan's page shows. Six queries."""
    prices = list(
        plan.prices.order_by("currency", "interval_months", "-valid_on", "-number")
    )
    found = on_versions(plan=plan, user=user, today=today)
    counted = {one.price_id: one for one in found if one.price_id is not None}
    untold = [one for one in found if one.price_id is None]
    current = {price.pk for price in prices_on([plan.pk], day=today).values()}
    parts = BundlePart.objects.filter(bundle=plan).select_related("part")
    bundles = BundlePart.objects.filter(part=plan).select_related("bundle")
    moves = PriceMove.objects.filter(source__plan=plan).select_related(
        "source", "target"
    )
    retired = plan.retired_on is not None and plan.retired_on <= today
    return {
        "plan": plan,
        "versions": [_line(price, prices, current, counted, today) for price in prices],
        "untold": untold,
        "parts": parts.order_by("part__name", "id"),
        "bundles": bundles.order_by("bundle__name", "id"),
        "moves": [(move, _move_words(move)) for move in moves.order_by("-id")[:3]],
        "retired": retired,
        "may_change": user.role in LEADERS,
        "everybody": user.reach.sees.everybody,
    }


def _line(
    price: PriceVersion,
    prices: list[PriceVersion],
    current: set[int],
    counted: dict[int, OnVersion],
    today: dt.date,
) -> VersionLine:
    if price.valid_on > today:
        state, tone = (
            _("from %(day)s on") % {"day": ui.day_long(price.valid_on)},
            "watch",
        )
    elif price.pk in current:
        state, tone = _("sold now"), "healthy"
    else:
        state, tone = _("no longer sold"), "unknown"
    same = [
        other
        for other in prices
        if (other.currency, other.interval_months)
        == (price.currency, price.interval_months)
    ]
    on = counted.get(price.pk)
    return VersionLine(
        price=price,
        amount=amount_words(price.amount, price.currency, price.interval_months),
        state=state,
        tone=tone,
        customers=on.customers if on else 0,
        mrr=on.mrr if on else Decimal(0),
        others=len(same) > 1,
    )


def _move_words(move: PriceMove) -> str:
    words = {
        "old": ui.money_exact(move.source.amount, move.source.currency),
        "new": ui.money_exact(move.target.amount, move.target.currency),
        "moved": ui.number(move.moved),
        "of": ui.number(max(move.waiting, move.moved + move.skipped)),
        "skipped": ui.number(move.skipped),
    }
    if move.finished_at is None:
        return _("From %(old)s to %(new)s: %(moved)s of %(of)s moved so far.") % words
    if move.skipped:
        text = _(
            "From %(old)s to %(new)s: %(moved)s moved, %(skipped)s left where they were, "
            "because they end before."
        )
        return text % words
    return _("From %(old)s to %(new)s: all %(moved)s moved.") % words
