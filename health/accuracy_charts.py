"""The two pictures of the accuracy page."""

from django.utils.translation import gettext as _

from common.charts import Figure, Held, Ranged, calibration, ranges
from common.templatetags import ui
from health.accuracy_words import of_100, of_100_range
from health.calculations.accuracy.contenders import MODEL, Contender
from health.calculations.accuracy.report import Calibrated
from health.calculations.accuracy.whole import Report

WIDE, NARROW = 680, 300
SQUARE, HEIGHT = 440, 330
TICKS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
FEW_TICKS = (0.2, 0.4, 0.6, 0.8, 1.0)


def contenders_figure(sides: list[tuple[str, Contender]]) -> Figure:
    """This will draw how often each of the named ways picks the right one of two."""
    known = [(name, one) for name, one in sides if one.ranked.auc]
    return Figure(
        headline=_contenders_words(known),
        subtitle=_(
            "Of 100 pairs of a customer who left and one who stayed, how many were in the"
            " right order; the bars are ranges that hold in 95 of 100 cases"
        ),
        wide=_ranges(known, WIDE),
        narrow=_ranges(known, NARROW),
        columns=[
            _("In order of"),
            _("Right of 100"),
            _("Top tenth"),
            _("Average precision"),
        ],
        rows=[_row(name, one) for name, one in known],
    )


def _ranges(known: list[tuple[str, Contender]], width: int) -> str:
    drawn = [
        Ranged(name, found.value, found.low, found.high, of_100(found.value), css)
        for name, one in known
        if (found := one.ranked.auc)
        for css in ("" if found.low > 0.5 else "muted",)
    ]
    return ranges(
        drawn,
        ticks=TICKS if width == WIDE else FEW_TICKS,
        write=of_100,
        line=0.5,
        line_words=_("guessing"),
        width=width,
    )


def _row(name: str, one: Contender) -> list[str]:
    area, lift, precise = (
        one.ranked.auc,
        one.ranked.lift,
        one.ranked.average_precision,
    )
    return [
        name,
        f"{of_100(area.value)} ({of_100_range(area)})" if area else ui.NOTHING,
        _("%(times)s times") % {"times": ui.number(lift.value, 1)}
        if lift
        else ui.NOTHING,
        ui.percent(precise.value) if precise else ui.NOTHING,
    ]


def _contenders_words(known: list[tuple[str, Contender]]) -> str:
    """This will say which is in front, and whether that may be luck."""
    best = max(known, key=lambda pair: pair[1].ranked.auc.value)  # type: ignore[union-attr]
    model = next((pair for pair in known if pair[1].key == MODEL), None)
    if model is None or best[1].key != MODEL:
        return _("Most often right: %(name)s") % {"name": best[0]}
    apart = [one.apart for _name, one in known if one.apart]
    if apart and all(one.low > 0 for one in apart):
        return _("The forecast beats every other way of putting customers in order")
    return _("The forecast is in front; where ranges overlap it may be luck")


def calibration_figure(report: Report, found: Calibrated) -> Figure:
    """This will draw what was forecast against what share left."""
    groups = [Held(one.forecast, one.share, one.low, one.high) for one in found.curve]

    def draw(width: int, height: int) -> str:
        return calibration(
            groups,
            write=ui.percent,
            names=(_("forecast"), _("really left"), _("right")),
            width=width,
            height=height,
        )

    return Figure(
        headline=calibration_words(found),
        subtitle=_(
            "Customers in groups by their forecast, %(cases)s cases; the whiskers hold in 95 of"
            " 100"
        )
        % {"cases": ui.number(report.cases)},
        wide=draw(SQUARE, HEIGHT),
        narrow=draw(NARROW, 280),
        columns=[_("Forecast"), _("Really left"), _("Range"), _("Cases")],
        rows=[
            [
                ui.percent(one.forecast, 1),
                ui.percent(one.share, 1),
                ui.percent_range(one.low, one.high),
                ui.number(one.cases),
            ]
            for one in found.curve
        ],
    )


def calibration_words(found: Calibrated) -> str:
    """This will say whether the chances are right, as far as luck lets one tell."""
    if found.error is None:
        return _("Nothing to compare yet")
    if not found.error.above_chance:
        return _("The chances are right, as far as luck lets one tell")
    slope = found.slope
    if slope and slope.low > 1:
        return _("The chances are too timid: high ones are too low, low ones too high")
    if slope and slope.high < 1:
        return _("The chances are too bold: high ones are too high, low ones too low")
    return _("The chances are off by more than luck explains")
