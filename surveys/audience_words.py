"""Who is asked and why not, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.charts import Figure, daybars
from common.templatetags import ui
from surveys.enums import Drop
from surveys.models import Survey
from surveys.selectors.audience import Verdict
from surveys.selectors.coming import coming_days, fullest
from surveys.selectors.turns import Day

# The order of the reasons on the page; beside those who are asked.
REASONS: Mapping[str, object] = {
    Drop.THROTTLED: gettext_lazy("Asked lately"),
    Drop.NEW: gettext_lazy("New contact"),
    Drop.UNSUBSCRIBED: gettext_lazy("Wants no surveys"),
    Drop.DEAD: gettext_lazy("Address does not work"),
    Drop.NO_ADDRESS: gettext_lazy("No address"),
    Drop.NOT_SAMPLED: gettext_lazy("Not drawn"),
    Drop.ENOUGH: gettext_lazy("Enough others"),
}
WIDE, NARROW = 340, 260


def reason_words(verdict: Verdict) -> str:
    """This will say why a contact is not asked, or that it is."""
    if verdict.is_asked:
        return _("would be asked")
    if verdict.last is None:
        return str(verdict.drop.label)
    words = {"day": ui.day(verdict.last.at), "survey": verdict.last.survey}
    return _("was asked on %(day)s by “%(survey)s”") % words


def coming_figure(survey: Survey, day: Day) -> Figure | None:
    """This will draw how many customers' turn comes on each of the next 30 days.

    None where nobody can know, or nobody's turn comes.
    """
    days = coming_days(survey, day)
    top = fullest(days) if days else None
    if days is None or top is None:
        return None
    values = [count for _day, count in days]
    names = [(index, ui.day(days[index][0])) for index in (0, 14, 29)]

    def draw(width: int, shown: list[tuple[int, str]]) -> str:
        return daybars(values, days=shown, width=width, height=130, write=ui.number)

    total = sum(values)
    return Figure(
        value=ui.number(total),
        headline=ngettext(
            "customer has its turn within 30 days",
            "customers have their turn within 30 days",
            total,
        ),
        subtitle=_("Customers per day; the contacts are judged on the day itself"),
        wide=draw(WIDE, names),
        narrow=draw(NARROW, [names[0], names[-1]]),
        columns=[_("Day"), _("Customers")],
        rows=[(ui.day_long(one), ui.number(count)) for one, count in days if count],
    )
