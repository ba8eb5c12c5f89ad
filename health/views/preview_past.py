"""The past of a preview in words: would the draft have told better who leaves?"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts import interval_bar
from common.templatetags import ui
from health.calculations.backtest import FEW
from health.enums import Band
from health.measures import MEASURES

ORDER = (Band.AT_RISK, Band.WATCH, Band.HEALTHY, Band.UNKNOWN)
Numbers = dict[str, Any]


def past_content(past: Numbers) -> dict[str, Any]:
    """This will return the verdict, the figures of both sides, and the bands' shares."""
    if not past.get("days"):
        return {"days": []}
    live, draft = past["live"], past["draft"]
    return {
        "days": [dt.date.fromisoformat(day) for day in past["days"]],
        "tone": {"better": "ok", "worse": "crit"}.get(past["verdict"], ""),
        "verdict": verdict_words(past),
        "leavers": past["leavers"],
        "customers": past["customers"],
        "lines": _lines(past, live, draft),
        "bands": _bands(live, draft),
        "sampled": past["looked_at"] < past["everybody"],
        "looked_at": past["looked_at"],
        "everybody": past["everybody"],
        "unread": [
            MEASURES[key].label for key in past.get("unread", ()) if key in MEASURES
        ],
    }


def verdict_words(past: Numbers) -> str:
    """This will say what the past says: better, worse, no telling, or too few."""
    leavers = past["compared_leavers"]
    words = {"count": ui.number(leavers), "few": FEW}
    if past["verdict"] == "few":
        text = ngettext(
            "Too few to tell: %(count)s customer with a score both ways left, %(few)s are needed.",
            "Too few to tell: %(count)s customers with a score both ways left, %(few)s are needed.",
            leavers,
        )
        return text % words
    text = {
        "better": _(
            "Better: by the draft, those who left stood out more clearly (%(count)s left)."
        ),
        "worse": _(
            "Worse: by the draft, those who left stood out less clearly (%(count)s left)."
        ),
        "same": _(
            "Not distinguishable: the difference may well be chance (%(count)s left)."
        ),
    }[past["verdict"]]
    return text % words


def _lines(past: Numbers, live: Numbers, draft: Numbers) -> list[Numbers]:
    lines = [
        _share_line(
            _("The one who leaves had the lower score"),
            _(
                "of two customers on the same day, one of whom then left; a coin says it half the time"
            ),
            live["auc"],
            draft["auc"],
            past["auc"],
        ),
        _share_line(
            _("Those who left were at risk before"),
            _("the share of leavers that an alarm was raised for"),
            live["caught"],
            draft["caught"],
            past["caught"],
        ),
        _share_line(
            _("All customers that were at risk"),
            _("what the alarms cost: that many had to be looked after"),
            live["alarm"],
            draft["alarm"],
            past["alarm"],
        ),
    ]
    lines += [
        _share_of_leavers(_("Those who left were on watch before"), Band.WATCH, past),
        _share_of_leavers(_("Those who left were unknown before"), Band.UNKNOWN, past),
    ]
    if live["lead"] is not None or draft["lead"] is not None:
        lines.append(_lead_line(live, draft, days=len(past["days"])))
    return lines


def _share_line(
    label: str,
    help_text: str,
    live: Numbers | None,
    draft: Numbers | None,
    apart: Numbers | None,
) -> Numbers:
    return {
        "label": label,
        "help": help_text,
        "live": _range(live),
        "draft": _range(draft),
        "apart": {
            "value": ui.signed(apart["value"] * 100, 1),
            "range": _("%(low)s to %(high)s")
            % {
                "low": ui.signed(apart["low"] * 100, 1),
                "high": ui.signed(apart["high"] * 100, 1),
            },
        }
        if apart
        else None,
    }


def _range(found: Numbers | None) -> Numbers | None:
    if found is None:
        return None
    return {
        "value": ui.percent(found["value"]),
        "range": ui.percent_range(found["low"], found["high"]),
    }


def _share_of_leavers(label: str, band: Band, past: Numbers) -> Numbers:
    shares = [
        past[side]["leavers"][band] / max(1, past["leavers"])
        for side in ("live", "draft")
    ]
    return {
        "label": label,
        "help": "",
        "live": {"value": ui.percent(shares[0])},
        "draft": {"value": ui.percent(shares[1])},
        "apart": {"value": ui.signed((shares[1] - shares[0]) * 100, 1)},
    }


def _lead_line(live: Numbers, draft: Numbers, *, days: int) -> Numbers:
    def words(side: Numbers) -> Numbers | None:
        if side["lead"] is None:
            return None
        lead = round(side["lead"])
        text = ngettext("%(days)s day", "%(days)s days", lead)
        return {"value": text % {"days": ui.number(lead)}}

    return {
        "label": _("Days of warning"),
        "help": _(
            "from the first of the unbroken row of days at risk to leaving; the middle one of those warned"
        )
        if days > 1
        else _("from the day looked at to leaving; the middle one of those warned"),
        "live": words(live),
        "draft": words(draft),
        "apart": None,
    }


def _bands(live: Numbers, draft: Numbers) -> list[Numbers]:
    """This will put what share of each band left beside each other, on one scale."""
    found: Sequence[Numbers] = [*live["bands"], *draft["bands"]]
    limit = max((one["high"] for one in found if one["exposure"]), default=1.0)
    return [
        {
            "band": band,
            "sides": [
                _band_side(name, side["bands"][band], limit)
                for name, side in ((_("In use"), live), (_("Draft"), draft))
            ],
        }
        for band in ORDER
        if live["bands"]
        and (live["bands"][band]["exposure"] or draft["bands"][band]["exposure"])
    ]


def _band_side(name: str, share: Numbers, limit: float) -> Numbers:
    bar = interval_bar(share["rate"], share["low"], share["high"], limit=limit)
    return {
        "name": name,
        "left": share["events"],
        "customers": round(share["exposure"]),
        "rate": share["rate"],
        "low": share["low"],
        "high": share["high"],
        "bar": mark_safe(bar),  # noqa: S308 - drawn from numbers
    }
