"""Intervals and amounts of subscriptions, in words."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.calculations.terms import Terms
from common.templatetags import ui


def interval_words(months: int | None) -> str:
    """This will name an interval: "monthly", "every 5 months"; once without one."""
    named = {None: _("once"), 1: _("monthly"), 3: _("quarterly"), 12: _("yearly")}
    if months in named:
        return named[months]
    words = ngettext("every %(months)s month", "every %(months)s months", months or 0)
    return words % {"months": ui.number(months)}


def amount_words(amount: Decimal, currency: str, months: int | None) -> str:
    """This will say what is paid per interval: "€ 240.00 a month"."""
    words = {"amount": ui.money_exact(amount, currency)}
    named = {
        None: _("%(amount)s once"),
        1: _("%(amount)s a month"),
        3: _("%(amount)s a quarter"),
        12: _("%(amount)s a year"),
    }
    if months in named:
        return named[months] % words
    every = ngettext(
        "%(amount)s every %(months)s month",
        "%(amount)s every %(months)s months",
        months or 0,
    )
    return every % {**words, "months": ui.number(months)}


def seats_words(quantity: int) -> str:
    """This will count seats."""
    words = ngettext("%(count)s seat", "%(count)s seats", quantity)
    return words % {"count": ui.number(quantity)}


def terms_words(terms: Terms, currency: str) -> str:
    """This will say what is paid: "€ 240.00 a month", "nothing during the trial"."""
    if terms.ended:
        return _("nothing any more")
    if terms.state == "trial":
        return _("nothing during the trial")
    if terms.state == "paused":
        return _("nothing during the pause")
    return amount_words(terms.charge, currency, terms.interval_months)


def change_words(before: Terms, after: Terms, plans: Mapping[int, str]) -> str:
    """This will say in what two terms differ: "12 seats instead of 10, a discount of 20%".

    `plans` names plans by id.
    """
    if after.ended or before.ended:
        return _("it ends") if after.ended else _("it goes on")
    parts = [*_sold(before, after, plans), *_agreed(before, after)]
    if parts:
        return ", ".join(parts)
    return _("another amount") if before.mrr != after.mrr else _("nothing changes")


def _sold(before: Terms, after: Terms, plans: Mapping[int, str]) -> Iterator[str]:
    if before.plan != after.plan:
        old, new = (plans.get(terms.plan or 0, "–") for terms in (before, after))
        yield _("%(new)s instead of %(old)s") % {"new": new, "old": old}
    if before.quantity != after.quantity:
        words = {"new": seats_words(after.quantity), "old": ui.number(before.quantity)}
        yield _("%(new)s instead of %(old)s") % words
    if before.interval_months != after.interval_months:
        old, new = (interval_words(t.interval_months) for t in (before, after))
        yield _("paid %(new)s instead of %(old)s") % {"new": new, "old": old}
    elif before.price != after.price and before.plan == after.plan:
        yield _("another price")


def _agreed(before: Terms, after: Terms) -> Iterator[str]:
    if before.discount != after.discount:
        if after.discount is None:
            yield _("no discount any more")
        else:
            share = ui.percent(after.discount, 2 if after.discount * 100 % 1 else 0)
            yield _("a discount of %(share)s") % {"share": share}
    elif before.discount_until != after.discount_until:
        yield _("another end of the discount")
    if before.state != after.state:
        named = {"trial": _("a trial"), "paused": _("a pause begins")}
        over = {"trial": _("the trial is over"), "paused": _("it runs again")}
        yield named.get(after.state) or over[before.state]
