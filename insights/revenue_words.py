"""Revenue in words."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from billing.enums import MovementKind
from billing.selectors.revenue_rows import MonthRow
from common.templatetags import ui
from customers.enums import Stage

DIMENSIONS = {
    "reason": gettext_lazy("Reason"),
    "plan": gettext_lazy("Plan"),
    "segment": gettext_lazy("Segment"),
    "stage": gettext_lazy("Lifecycle stage"),
    "source": gettext_lazy("Source"),
    "persona": gettext_lazy("Persona"),
    "tenure": gettext_lazy("Customer for"),
}
PRESETS = {
    "keepwell": "Keepwell",
    "chartmogul": gettext_lazy("like ChartMogul"),
    "profitwell": gettext_lazy("like ProfitWell"),
    "stripe": gettext_lazy("like Stripe"),
}
OWN_PRESET = pgettext_lazy("conventions", "your own")
SPAN_WORDS = {
    12: gettext_lazy("12 months"),
    24: gettext_lazy("24 months"),
    0: gettext_lazy("All months"),
}
KINDS = {
    MovementKind.NEW: "new",
    MovementKind.REACTIVATION: "reactivation",
    MovementKind.EXPANSION: "expansion",
    MovementKind.CONTRACTION: "contraction",
    MovementKind.CHURN: "churn",
}
COMING = (MovementKind.NEW, MovementKind.REACTIVATION, MovementKind.EXPANSION)
GOING = (MovementKind.CONTRACTION, MovementKind.CHURN)


def came(row: MonthRow) -> Decimal:
    """This will sum what came in."""
    return row.new + row.reactivation + row.expansion


def leaked(row: MonthRow) -> Decimal:
    """This will sum what leaked; it is below zero."""
    return row.contraction + row.churn


def preset_name(preset: str) -> str:
    """This will name a set of conventions."""
    return str(PRESETS.get(preset, OWN_PRESET))


def value_name(dimension: str, value: str, names: dict[str, str]) -> str:
    """This will name a value of a dimension as it stands in the sums."""
    if not value:
        return _("Not told")
    if dimension == "stage" and value in Stage.values:
        return str(Stage(value).label)
    if dimension == "tenure":
        return tenure_name(value)
    return names.get(value, value)


def tenure_name(code: str) -> str:
    """This will write how long customers have been there."""
    return str(TENURES.get(code, code))


TENURES = {
    "0": gettext_lazy("under 3 months"),
    "3": gettext_lazy("3 to 5 months"),
    "6": gettext_lazy("6 to 11 months"),
    "12": gettext_lazy("1 to 2 years"),
    "24": gettext_lazy("2 to 3 years"),
    "36": gettext_lazy("3 years and more"),
}


def revenue_sentence(row: MonthRow, currency: str) -> tuple[str, str]:
    """This will say what the month did to revenue, and the tone of it."""
    net = row.closing - row.opening
    before = row.month - dt.timedelta(days=1)
    told = {
        "net": ui.money(abs(net), currency),
        "month": ui.month_year(before),
        "came": ui.money(came(row), currency),
        "leaked": ui.money(-leaked(row), currency),
    }
    if not came(row) and not leaked(row):
        words = _("Nothing has moved since the end of %(month)s.") % told
    elif net > 0:
        words = (
            _(
                "%(net)s a month more than at the end of %(month)s: %(came)s came in, %(leaked)s leaked."
            )
            % told
        )
    elif net < 0:
        words = (
            _(
                "%(net)s a month less than at the end of %(month)s: %(came)s came in, %(leaked)s leaked."
            )
            % told
        )
    else:
        words = (
            _(
                "As much as at the end of %(month)s: %(came)s came in, %(leaked)s leaked."
            )
            % told
        )
    if row.revaluation:
        words += " " + _("Exchange rates alone moved it by %(amount)s.") % {
            "amount": signed_money(row.revaluation, currency)
        }
    return words, "crit" if net < 0 else ""


def signed_money(amount: Decimal, currency: str) -> str:
    """This will write an amount with its sign, a true minus included."""
    if not amount:
        return ui.money(0, currency)
    sign = "+" if amount > 0 else "\N{MINUS SIGN}"
    return sign + ui.money(abs(amount), currency)


def period_words(first: dt.date, last: dt.date) -> str:
    """This will name the months that are summed."""
    if first == last:
        return ui.month_year(first)
    return _("%(first)s to %(last)s") % {
        "first": ui.month_year(first),
        "last": ui.month_year(last),
    }


def people_words(came: int, left: int) -> str:
    """This will count customers who came and who left."""
    told = [
        ngettext("%(number)s customer came.", "%(number)s customers came.", came)
        % {"number": ui.number(came)},
        ngettext("%(number)s customer left.", "%(number)s customers left.", left)
        % {"number": ui.number(left)},
    ]
    return " ".join(told)
