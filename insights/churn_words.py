"""Churn in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.calculations.rates import FEW_CUSTOMERS, Rate, wilson
from common.templatetags import ui
from insights.churn_lines import ChurnLine, Lost


def churn_sentence(lost: Lost, *, currency: str) -> tuple[str, str]:
    """This will say who left and with how much, and the tone of it."""
    if not lost.customers:
        return _("Nobody left."), ""
    told = {
        "number": ui.number(lost.customers),
        "amount": ui.money(lost.revenue, currency),
    }
    words = (
        ngettext(
            "%(number)s customer left, and with it %(amount)s a month.",
            "%(number)s customers left, and with them %(amount)s a month.",
            lost.customers,
        )
        % told
    )
    if lost.involuntary:
        words += " " + ngettext(
            "%(number)s of them because a payment failed.",
            "%(number)s of them because payments failed.",
            lost.involuntary,
        ) % {"number": ui.number(lost.involuntary)}
    return words, ""


def renewed_words(due: int, kept: int) -> str:
    """This will say how many subscriptions that came up for renewal renewed."""
    if not due:
        return ""
    told = {"due": ui.number(due), "kept": ui.number(kept)}
    words = (
        ngettext(
            "%(kept)s of %(due)s subscription that came up for renewal renewed.",
            "%(kept)s of %(due)s subscriptions that came up for renewal renewed.",
            due,
        )
        % told
    )
    if due < FEW_CUSTOMERS:
        return words
    return words + " " + rate_words(Rate(kept / due, *wilson(kept, due)))


def rate_words(rate: Rate | None) -> str:
    """This will write a monthly share with its interval, where there is one."""
    if rate is None:
        return ui.NOTHING
    share = ui.percent(rate.share, 1)
    if rate.low is None:
        return share
    return _("%(share)s (%(low)s to %(high)s)") % {
        "share": share,
        "low": ui.percent(rate.low, 1),
        "high": ui.percent(rate.high, 1),
    }


def groups_headline(found: Sequence[ChurnLine], whole: Lost) -> str:
    """This will name who loses clearly more than all together do, if anybody does."""
    if whole.customers_rate is None:
        return ""
    worse = [
        line
        for line in found
        if line.lost.customers_rate is not None
        and (line.lost.customers_rate.low or 0.0) > whole.customers_rate.share
    ]
    if not worse:
        return _("No group clearly loses more than all together")
    line = max(worse, key=lambda one: one.lost.customers_rate.share)  # type: ignore[union-attr]
    return _("%(name)s: clearly more leave than of all") % {"name": line.name}
