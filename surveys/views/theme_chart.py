"""The picture above the themes."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts import Figure, Part, Stack, stacked
from surveys.selectors.themes import ThemeLine

SHOWN = 8


def themes_figure(lines: Sequence[ThemeLine], *, days: int) -> Figure | None:
    """This will draw who raises the most frequent open themes; None without any."""
    shown = sorted(
        (line for line in lines if line.people and line.is_open),
        key=lambda line: -line.people,
    )[:SHOWN]
    if not shown:
        return None
    parts = [
        Part("bad", _("Detractors")),
        Part("mid", _("Passives")),
        Part("good", _("Promoters")),
        Part("none", _("No score known")),
    ]
    stacks = [Stack(line.theme.name, _values(line), str(line.people)) for line in shown]
    first = shown[0]
    headline = ngettext(
        "%(count)d person raised “%(theme)s”",
        "%(count)d people raised “%(theme)s”",
        first.people,
    )
    return Figure(
        headline=headline % {"count": first.people, "theme": first.theme.name},
        subtitle=_(
            "Open themes, people of the last %(days)d days by their newest score"
        )
        % {"days": days},
        wide=stacked(stacks, parts, width=700, names=230),
        narrow=stacked(stacks, parts, width=320),
        columns=[_("Theme"), *(part.name for part in parts), _("People")],
        rows=[
            [line.theme.name, *map(str, _values(line)), str(line.people)]
            for line in shown
        ],
    )


def _values(line: ThemeLine) -> list[int]:
    return [line.detractors, line.passives, line.promoters, line.unasked]
