"""How the value of an average customer has moved, and whether settings moved it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from common.templatetags import ui
from health.calculations.what_if import averages
from health.selectors.value_days import ValueDay
from health.what_if_words import gain_money


def moved_sentence(days: Sequence[ValueDay], *, currency: str) -> str:
    """This will compare the last day with the first; what settings did stands apart.

    What settings did is the last day's forecast by today's settings less the same by the
    first day's; what is left is what customers did.
    """
    first, last = days[0], days[-1]
    before = averages(first.paths, first.assumptions).value
    after = averages(last.paths, last.assumptions).value
    words = {
        "value": ui.money(round(after), currency),
        "change": gain_money(after - before, currency),
        "day": ui.day_long(first.as_of),
    }
    if first is last:
        return _("An average customer is expected to bring %(value)s") % words
    if first.assumptions == last.assumptions:
        text = _(
            "An average customer is expected to bring %(value)s, %(change)s since %(day)s"
        )
        return text % words
    alike = averages(last.paths, first.assumptions).value
    words["customers"] = gain_money(alike - before, currency)
    words["settings"] = gain_money(after - alike, currency)
    text = _(
        "An average customer is expected to bring %(value)s, %(change)s since %(day)s: %(customers)s by what customers do, %(settings)s by changed settings"
    )
    return text % words
