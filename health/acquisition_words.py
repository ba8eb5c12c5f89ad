"""What the groups of customers won come to: sentences and a picture."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.charts import Figure, Ranged, ranges
from common.templatetags import ui
from health.acquisition_lines import Line

WIDE, NARROW = 680, 300
# In the picture: the best and the worst, so many of each.
HALF = 6
LOSSES = ("loss", "maybe_loss")
TONES = {"loss": "crit", "maybe_loss": "warn", "maybe_gain": "warn", "gain": ""}
WHO = {
    "source": gettext_lazy("Customers from “%(name)s”"),
    "campaign": gettext_lazy("Customers of the campaign “%(name)s”"),
    "segment": gettext_lazy("Customers of the segment “%(name)s”"),
    "plan": gettext_lazy("Customers that began with “%(name)s”"),
    "cohort": gettext_lazy("Customers won in %(name)s"),
}


def who(by: str, line: Line) -> str:
    """This will name a group as the beginning of a sentence."""
    return str(WHO[by]) % {"name": line.name}


def headline(lines: Sequence[Line], *, by: str, currency: str) -> tuple[str, str]:
    """This will say what matters most, in a tone: the worst loss, else the best gain."""
    losses = [line for line in lines if line.verdict.key == "loss"]
    if losses:
        worst = min(losses, key=lambda line: line.gain or 0.0)
        text = _("%(who)s cost %(cost)s and bring %(brings)s: each one loses %(rest)s.")
        return text % _amounts(worst, by, currency), "crit"
    doubts = [line for line in lines if line.verdict.key == "maybe_loss"]
    if doubts:
        worst = min(doubts, key=lambda line: line.gain or 0.0)
        text = _(
            "%(who)s cost %(cost)s and bring %(brings)s: they probably lose money."
        )
        return text % _amounts(worst, by, currency), "warn"
    gains = [line for line in lines if line.verdict.key in {"gain", "maybe_gain"}]
    if gains:
        best = max(gains, key=lambda line: line.gain or 0.0)
        text = _(
            "%(who)s cost %(cost)s and bring %(brings)s: each one leaves %(rest)s."
        )
        return text % _amounts(best, by, currency), "ok"
    return _("It cannot be said yet whom it pays to win."), ""


def _amounts(line: Line, by: str, currency: str) -> dict[str, str]:
    return {
        "who": who(by, line),
        "cost": ui.money(_rounded(line.cac), currency),
        "brings": ui.money(_rounded(line.clv), currency),
        "rest": ui.money(abs(_rounded(line.clv) - _rounded(line.cac)), currency),
    }


def _rounded(value: float | None) -> float:
    """This will round so that what is shown adds up: to the cent below 10, else whole."""
    value = value or 0.0
    return round(value, 2) if abs(value) < 10 else float(round(value))


def counted(lines: Sequence[Line]) -> str:
    """This will say how many groups lose money, and of how many nothing can be said."""
    judged = sum(line.sure for line in lines)
    losing = sum(line.verdict.key == "loss" for line in lines)
    if not judged:
        return ""
    text = ngettext(
        "%(losing)s of %(judged)s group loses money for certain.",
        "%(losing)s of %(judged)s groups lose money for certain.",
        judged,
    )
    return text % {"losing": ui.number(losing), "judged": ui.number(judged)}


def gain_figure(lines: Sequence[Line], *, by: str, currency: str) -> Figure | None:
    """This will draw what a customer of each group leaves, with its range, beside zero."""
    sure = [line for line in lines if line.sure]
    if not sure:
        return None
    drawn = sure if len(sure) <= 2 * HALF else [*sure[:HALF], *sure[-HALF:]]

    def write(value: float) -> str:
        return ui.money_short(value, currency)

    ends = [value for one in drawn for value in (one.gain_low, one.gain_high, 0.0)]
    ticks = ticks_over([value for value in ends if value is not None])
    bars = [
        Ranged(
            name=line.name,
            value=line.gain or 0.0,
            low=line.gain_low or 0.0,
            high=line.gain_high or 0.0,
            words=write(line.gain or 0.0),
            css=TONES[line.verdict.key],
        )
        for line in drawn
    ]

    def draw(width: int) -> str:
        return ranges(
            bars,
            ticks=ticks,
            write=write,
            line=0.0,
            line_words=_("nothing left"),
            width=width,
        )

    customers = sum(line.customers for line in drawn)
    subtitle = ngettext(
        "What a customer brings less what it cost to win it, of %(n)s customer; "
        "8 of 10 times within the bar.",
        "What a customer brings less what it cost to win it, of %(n)s customers; "
        "8 of 10 times within the bar.",
        customers,
    ) % {"n": ui.number(customers)}
    if len(drawn) < len(sure):
        subtitle += " " + _("Shown are the six best and the six worst.")
    return Figure(
        headline=_("What a customer leaves"),
        subtitle=subtitle,
        wide=draw(WIDE),
        narrow=draw(NARROW),
        columns=[_("Group"), _("Left of each"), _("From"), _("To"), _("Customers")],
        rows=[
            (
                line.name,
                ui.money(line.gain, currency),
                ui.money(line.gain_low, currency),
                ui.money(line.gain_high, currency),
                ui.number(line.customers),
            )
            for line in sure
        ],
    )


def ticks_over(values: Sequence[float]) -> list[float]:
    """This will return three to five round marks that hold the values and zero."""
    low, high = min([0.0, *values]), max([0.0, *values])
    span = (high - low) or 1.0
    rough = 10.0 ** len(str(int(span)))
    step = next(
        rough * part
        for part in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
        if span / (rough * part) <= 3.5
    )
    first, last = int(low // step), int(-(-high // step))
    return [step * place for place in range(first, max(last, first + 1) + 1)]
