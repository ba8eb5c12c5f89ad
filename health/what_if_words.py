"""What a change comes to, said in sentences."""

from collections.abc import Sequence

from babel.lists import format_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common.formats import locale_of
from common.templatetags import ui
from health.calculations.levers import price_for_a_point
from health.calculations.sum_ranges import ends
from health.calculations.what_if import (
    Assumptions,
    Change,
    Outcome,
    Paths,
    lost_at_most,
)
from health.change_words import percent, plain, whole

MONTHS_IN_YEAR = 12
LEAST = 0.0005  # a share below it has no sign: "<0.1%"
UNSEEN = 0.5  # less than this of a currency's unit is no difference


def sum_range(total: float, off: float | None, currency: str) -> str:
    """This will write P10 and P90 of a sum; `off` is one standard deviation of it, as a
    share. Empty where that is not known, or there is nothing to come."""
    if off is None or total <= 0.0:
        return ""
    low, high = ends(total, off * total)
    words = {
        "low": ui.money_short(low, currency),
        "high": ui.money_short(high, currency),
    }
    return _("%(low)s to %(high)s") % words


def months_words(months: int) -> str:
    """This will write whole months: "60 months"."""
    text = ngettext("%(count)s month", "%(count)s months", months)
    return text % {"count": ui.number(months)}


def span_words(months: float) -> str:
    """This will write months, and years from two years on."""
    if months < 2 * MONTHS_IN_YEAR:
        text = ngettext("%(count)s month", "%(count)s months", whole(months))
        return text % {"count": plain(months)}
    return years_words(months / MONTHS_IN_YEAR)


def years_words(years: float) -> str:
    """This will write years: "3.3 years"."""
    text = ngettext("%(count)s year", "%(count)s years", whole(years))
    return text % {"count": plain(years)}


def gain_money(gain: float, currency: str) -> str:
    """This will write a gain with its sign, briefly."""
    shown = ui.money_short(round(abs(gain), 2), currency)
    if abs(gain) < UNSEEN:
        return shown
    return f"{'+' if gain > 0 else '−'}{shown}"


def gain_percent(gain: float, before: float) -> str:
    """This will write a gain as a share of what there was, with its sign."""
    if before <= 0.0:
        return ui.NOTHING
    share = gain / before
    digits = 1 if abs(share) < 0.1 else 0
    shown = ui.percent(abs(share), digits)
    if abs(share) < LEAST:
        return shown
    return f"{'+' if share > 0 else '−'}{shown}"


def headline(
    now: Outcome, then: Outcome, parts: Sequence[str], *, currency: str
) -> str:
    """This will say first what it comes to; `parts` are the `change_words`."""
    if not parts:
        words = {"money": ui.money_short(now.total, currency)}
        return _("As things are, these customers will still bring %(money)s.") % words
    gain = then.total - now.total
    words = {
        "changes": format_list(list(parts), locale=locale_of(get_language() or "en")),
        "money": ui.money_short(abs(gain), currency),
        "percent": gain_percent(gain, now.total),
    }
    if abs(gain) < UNSEEN:
        return _("With %(changes)s these customers are worth as much as now.") % words
    if gain > 0:
        return (
            _("With %(changes)s these customers are worth %(money)s more: %(percent)s")
            % words
        )
    return (
        _("With %(changes)s these customers are worth %(money)s less: %(percent)s")
        % words
    )


def elasticity(paths: Paths, assumptions: Assumptions) -> str:
    """This will weigh a point of retention against prices; "" where it cannot."""
    price = price_for_a_point(paths, assumptions)
    if price is None:
        return ""
    words = {"share": ui.percent(price, 1)}
    return (
        _("1 point more retention is worth as much as %(share)s higher prices.") % words
    )


def break_even(paths: Paths, assumptions: Assumptions, change: Change) -> str:
    """This will say how many may leave before a price loses money; "" without one."""
    share = lost_at_most(paths, assumptions, change) if change.price else None
    if share is None:
        return ""
    customers = paths.customers.sum() * abs(share)
    words = {"price": percent(change.price), "share": ui.percent(abs(share), 1)}
    if share < 0:
        return (
            _("%(price)s lower prices pay only if they bring %(share)s more customers.")
            % words
        )
    text = ngettext(
        "%(price)s higher prices lose money once more than %(share)s of the customers leave because of them: %(count)s customer.",
        "%(price)s higher prices lose money once more than %(share)s of the customers leave because of them: %(count)s customers.",
        int(customers),
    )
    return text % {**words, "count": ui.number(int(customers))}
