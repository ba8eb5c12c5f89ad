"""The groups of customers won as lines of a page: what they brought, cost, and left."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from health.calculations.acquired import Acquisition, acquisition
from health.calculations.winning import (
    EMPTY,
    Shares,
    Spend,
    Table,
    group_sums,
    shares_of,
)
from health.models import AcquisitionDay
from health.selectors.spend import Known, Spent

WAYS = {
    "source": gettext_lazy("Source"),
    "campaign": gettext_lazy("Campaign"),
    "segment": gettext_lazy("Segment"),
    "plan": gettext_lazy("First plan"),
    "cohort": gettext_lazy("Quarter of winning"),
}
BY_ORIGIN = ("source", "campaign")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a line comes to, in a tone and words."""

    key: str
    tone: str
    icon: str
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One group. Amounts are of a customer unless said; None where nobody knows."""

    key: str  # its code; of a source the name
    name: str
    customers: int
    clv: float | None
    clv_low: float | None
    clv_high: float | None
    spent: float  # in all
    cac: float | None
    gain: float | None
    gain_low: float | None
    gain_high: float | None
    ratio: float | None
    payback: float | None
    most: float | None
    profit: float  # in all
    verdict: Verdict
    listed: bool  # whether its customers can be looked at

    @property
    def sure(self) -> bool:
        """Whether there are enough customers, and a cost, to draw it."""
        return self.verdict.key not in {"few", "nobody", "free"}

    @property
    def paid_back(self) -> str:
        """After how long the margin has paid the cost, in words."""
        if self.payback is not None:
            return months_words(self.payback)
        return _("not at all") if (self.gain or 0.0) < 0 else _("cannot be told")


def tables_of(day: AcquisitionDay) -> dict[str, Table]:
    """This will read the tables of all ways to group."""
    names = ("origin", "segment", "plan", "cohort")
    return {
        name: Table.from_json(day.content[name]) if name in day.content else EMPTY
        for name in names
    }


def known_of(day: AcquisitionDay, tables: dict[str, Table]) -> Known:
    """This will say which sources and campaigns the sums keep apart."""
    source, campaign = tables["origin"].keys[:, 2], tables["origin"].keys[:, 3]
    return Known(
        day.parameters["sources"],
        day.parameters["campaigns"],
        other_sources=bool((source == -1).any()),
        other_campaigns=bool((campaign == -1).any()),
    )


def weighed(
    tables: dict[str, Table],
    spent: Sequence[Spend],
    *,
    by: str,
    year: int | None,
    ratio: float,
    miss: float,
) -> tuple[Acquisition, Shares]:
    """This will weigh the groups of one way, of the customers won in a year or in all."""
    shares = shares_of(tables["origin"], spent)
    table = tables["origin" if by in BY_ORIGIN else by]
    if year is not None:
        table = table.years([year])
        idle = [one for one in shares.idle if one.year == year]
        shares = Shares(shares.source, shares.campaign, shares.since, idle)
    sums = group_sums(table, shares, by=by if by in BY_ORIGIN else "group")
    return acquisition(sums, miss=miss, wanted_ratio=ratio), shares


def years_of(tables: dict[str, Table], spent: Spent) -> list[int]:
    """This will list the years in which somebody was won or something spent."""
    won = set(tables["origin"].keys[:, 1].tolist())
    return sorted(won | {one.year for one in spent.rows}, reverse=True)


def lines_of(
    found: Acquisition, *, by: str, names: dict[int, str], sources: Sequence[str]
) -> list[Line]:
    """This will turn groups into lines, the best first, small and unknown ones last."""
    lines = [
        _line(found, place, by=by, names=names, sources=sources)
        for place in found.ranked.tolist()
        # Without a campaign is no campaign.
        if by != "campaign" or found.group[place] != 0
    ]
    return sorted(lines, key=lambda line: not line.sure)


def _line(
    found: Acquisition,
    place: int,
    *,
    by: str,
    names: dict[int, str],
    sources: Sequence[str],
) -> Line:
    code = int(found.group[place])
    named = by == "source" and code > 0
    return Line(
        key=sources[code - 1] if named else "" if by == "source" else str(code),
        name=sources[code - 1] if named else group_name(by, code, names),
        customers=int(found.customers[place]),
        clv=_known(found.clv[place]),
        clv_low=_known(found.clv_range.low[place]),
        clv_high=_known(found.clv_range.high[place]),
        cac=_known(found.cac[place]),
        gain=_known(found.gain[place]),
        gain_low=_known(found.gain_range.low[place]),
        gain_high=_known(found.gain_range.high[place]),
        ratio=_known(found.ratio[place]),
        payback=_known(found.payback[place]),
        most=_known(found.most[place]),
        spent=float(found.spent[place]),
        profit=float(found.profit[place]),
        verdict=_verdict(found, place),
        listed=code >= 0 and bool(found.customers[place]),
    )


def _known(value: Any) -> float | None:
    return float(value) if np.isfinite(value) else None


def _verdict(found: Acquisition, place: int) -> Verdict:
    spent = found.spent[place] > 0
    if not found.customers[place]:
        return Verdict("nobody", "crit", "circle-x", _("Brought nobody"))
    if found.few[place]:
        return Verdict("few", "unknown", "circle-question-mark", _("Too few to say"))
    if found.sure_loss[place]:
        return Verdict("loss", "crit", "trending-down", _("Loses money"))
    if not spent:
        return Verdict("free", "unknown", "circle-question-mark", _("No cost known"))
    if found.sure_gain[place]:
        return Verdict("gain", "ok", "circle-check", _("Pays off"))
    if found.gain[place] < 0:
        return Verdict("maybe_loss", "warn", "eye", _("Probably loses"))
    return Verdict("maybe_gain", "warn", "eye", _("Probably pays off"))


def group_name(by: str, code: int, names: dict[int, str]) -> str:
    """This will name a group by its code."""
    if code < 0:
        return _("All others together")
    if by == "cohort":
        year, quarter = divmod(code, 10)
        return _("%(year)s, quarter %(quarter)s") % {"year": year, "quarter": quarter}
    if code == 0 or by == "source":
        return _("Not known")
    return names.get(code, _("Not known"))


def months_words(months: float) -> str:
    """This will write a payback in whole months, of which the last may not be full."""
    whole = math.ceil(months - 1e-9)
    if whole == 0:
        return _("at once")
    return ngettext("%(months)s month", "%(months)s months", whole) % {"months": whole}
