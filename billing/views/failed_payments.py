"""Failed payments: money that is at risk though nobody is unhappy."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts.http import PersonalRequest
from billing.calculations.dunning.declines import reason_of
from billing.dunning_rows import REASON_LABELS, rows_of
from billing.enums import CaseState, DeclineGroup, RecoveryCause
from billing.models import GatewayAccount
from billing.selectors.dunning.lists import (
    ALL,
    NEEDS,
    PERSON,
    STATES,
    Asked,
    CaseSum,
    case_sums,
    cases_in,
    cases_kept,
    cases_page,
    cases_seen,
    need_counts,
    need_is,
    reason_counts,
    state_counts,
    unknown_attempts,
)
from common.dates import first_zone, local_day
from common.templatetags import ui

LONGEST = 100
YEARS = range(2000, 2200)
STATE_LABELS: dict[str, Any] = dict(CaseState.choices) | {ALL: gettext_lazy("All")}
NEED_LABELS: dict[str, Any] = {PERSON: gettext_lazy("Needs a person")} | dict(
    DeclineGroup.choices
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as a link with its count."""

    label: Any
    count: int | None
    url: str
    current: bool


@require_safe
def failed_payments(request: PersonalRequest) -> HttpResponse:
    """This will list failed payments, those with most at stake first. The number of
    queries is fixed."""
    user, now = request.user, timezone.now()
    today = local_day(now, first_zone(request.company.time_zone))
    asked, behind = asked_of(request.GET), request.GET.get("at", "")[:LONGEST]
    seen = cases_seen(user)
    others = cases_kept(seen, replace(asked, reason=""), user=user)
    reasons = reason_counts(cases_in(others, asked.state), reason_of)
    codes = reasons.get(asked.reason, (0, []))[1]
    kept = cases_kept(others, Asked(reason=asked.reason), user=user, codes=codes)
    inside = cases_in(kept, asked.state)
    rows = inside.filter(need_is(asked.need)) if asked.need else inside
    page = cases_page(rows, state=asked.state, today=today, behind=behind)
    content = {
        "asked": asked,
        "rows": rows_of(page.rows, company=request.company, now=now),
        "headline": headline(asked.state, case_sums(rows)),
        "states": _states(asked, state_counts(kept)),
        "needs": list(_needs(asked, need_counts(inside, user=user))),
        "reasons": list(_reason_chips(asked, reasons)),
        "others": list(_others(asked)),
        "unknown": unknown_attempts(user),
        "today": today,
        "whole": asked == Asked() and not behind,
        "hidden": list(_parts(replace(asked, words=""))),
        "next_url": url_of(asked, at=page.following) if page.following else "",
        "first_url": url_of(asked) if behind else "",
    }
    if not page.rows:
        content["ever"] = seen.exists()
        # Nothing to filter and nothing to sum up yet.
        content["bare"] = content["whole"] and not content["ever"]
        content["connected"] = GatewayAccount.objects.exists()
    return render(request, "billing/dunning/list.html", content)


def headline(state: str, sums: Sequence[CaseSum]) -> str:
    """This will say how much of what it is, a part of the sentence per currency."""
    return "; ".join(_sum_words(state, one) for one in sums) or _("Nothing here")


def _sum_words(state: str, one: CaseSum) -> str:
    words = {
        "n": ui.number(one.cases),
        "amount": ui.money_exact(one.missing, one.currency),
        "failed": ui.money_exact(one.failed, one.currency),
        "back": ui.money_exact(one.recovered, one.currency),
    }
    if state == CaseState.OPEN:
        text = ngettext(
            "%(n)s payment is failing: %(amount)s",
            "%(n)s payments are failing: %(amount)s",
            one.cases,
        )
    elif state == CaseState.RECOVERED:
        text = ngettext(
            "%(n)s payment came in after all: %(back)s",
            "%(n)s payments came in after all: %(back)s",
            one.cases,
        )
    else:
        text = ngettext(
            "%(n)s payment failed: %(failed)s, of which %(back)s came back",
            "%(n)s payments failed: %(failed)s, of which %(back)s came back",
            one.cases,
        )
    return text % words


def asked_of(query: QueryDict) -> Asked:
    """This will read the filters of an address; what makes no sense is left out.

    Without a state: open ones, but all where another page asks for a reason, a cause or a
    month of failure.
    """
    cohort = _month(query.get("cohort", ""))
    cause = query.get("cause", "")
    asked = Asked(
        need=_one_of(query.get("need", ""), NEEDS),
        reason=query.get("reason", "")
        if query.get("reason", "").isidentifier()
        else "",
        cause=_one_of(cause, RecoveryCause.values),
        cohort=cohort,
        since=_month(query.get("since", "")),
        mine=query.get("mine") == "1",
        held_out=query.get("held_out") == "1",
        words=query.get("q", "").replace("\0", "").strip()[:LONGEST],
    )
    usual = ALL if asked.reason or asked.cause or asked.cohort else str(CaseState.OPEN)
    return replace(asked, state=_one_of(query.get("state", ""), STATES) or usual)


def _one_of(word: str, words: Any) -> str:
    return word if word in words else ""


def _month(text: str) -> dt.date | None:
    year, _dash, month = text.partition("-")
    if not (text.isascii() and year.isdigit() and month.isdigit() and len(text) == 7):
        return None
    if int(year) not in YEARS or not 1 <= int(month) <= 12:
        return None
    return dt.date(int(year), int(month), 1)


def url_of(asked: Asked, at: str = "") -> str:
    """This will write an address of the list."""
    parts = dict(_parts(asked)) | ({"at": at} if at else {})
    return f"?{urlencode(parts)}"


def _parts(asked: Asked) -> Iterator[tuple[str, str]]:
    narrowed = bool(asked.reason or asked.cause or asked.cohort)
    if asked.state != (ALL if narrowed else CaseState.OPEN):
        yield "state", asked.state
    for name in ("need", "reason", "cause"):
        if value := getattr(asked, name):
            yield name, value
    if asked.cohort:
        yield "cohort", f"{asked.cohort:%Y-%m}"
    if asked.since:
        yield "since", f"{asked.since:%Y-%m}"
    if asked.mine:
        yield "mine", "1"
    if asked.held_out:
        yield "held_out", "1"
    if asked.words:
        yield "q", asked.words


def _states(asked: Asked, counts: dict[str, int]) -> list[Chip]:
    return [
        Chip(
            STATE_LABELS[state],
            counts[state],
            url_of(replace(asked, state=state)),
            state == asked.state,
        )
        for state in STATES
    ]


def _needs(asked: Asked, counts: dict[str, int]) -> Iterator[Chip]:
    """This will offer what narrows a state down, where there is any of it."""
    for need in NEEDS:
        if counts[need] or need == asked.need:
            chosen = need == asked.need
            url = url_of(replace(asked, need="" if chosen else need))
            yield Chip(NEED_LABELS[need], counts[need], url, chosen)
    if counts["mine"] or asked.mine:
        url = url_of(replace(asked, mine=not asked.mine))
        yield Chip(_("Mine"), counts["mine"], url, asked.mine)
    if counts["held_out"] or asked.held_out:
        url = url_of(replace(asked, held_out=not asked.held_out))
        yield Chip(_("Left alone"), counts["held_out"], url, asked.held_out)


def _reason_chips(
    asked: Asked, counted: dict[str, tuple[int, list[str]]]
) -> Iterator[Chip]:
    for reason, (n, _codes) in counted.items():
        chosen = reason == asked.reason
        url = url_of(replace(asked, reason="" if chosen else reason))
        yield Chip(REASON_LABELS.get(reason, reason), n, url, chosen)


def _others(asked: Asked) -> Iterator[Chip]:
    """This will show what another page asked for, to be taken off again."""
    if asked.cause:
        label = RecoveryCause(asked.cause).label
        yield Chip(label, None, url_of(replace(asked, cause="")), current=True)
    if asked.cohort:
        words = _("Failed in %(month)s") % {"month": ui.month_year(asked.cohort)}
        yield Chip(words, None, url_of(replace(asked, cohort=None)), current=True)
    if asked.since:
        words = _("Failed since %(month)s") % {"month": ui.month_year(asked.since)}
        yield Chip(words, None, url_of(replace(asked, since=None)), current=True)
