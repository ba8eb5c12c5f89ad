"""What a results page shows, put together from the selectors."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from surveys.calculations.estimates import Change, Estimate
from surveys.calculations.figures import change, figure, groups
from surveys.calculations.nps import ENOUGH
from surveys.calculations.periods import step_of, step_starts
from surveys.calculations.satisfaction import Tally, share
from surveys.calculations.scales import GROUPS
from surveys.enums import SurveyKind, SurveyState
from surveys.extension import portfolio_facts
from surveys.forms.results import ALL, DAYS, ResultsForm
from surveys.models import SurveyVersion
from surveys.result_figures import spread_figure, time_figure
from surveys.result_rows import (
    Breakdown,
    Line,
    breakdown,
    drops,
    line,
    plan_parts,
    steps,
)
from surveys.result_weights import Bias, Weighing, bias, reweighted_line, weighed
from surveys.result_words import (
    GROUP_NAMES,
    MEANINGS,
    NAMES,
    answers_words,
    change_words,
    missing_words,
)
from surveys.selectors.results import (
    Answers,
    Wanted,
    results_answers,
    results_by_customer,
    results_first_day,
    results_over_time,
    results_tally,
)
from surveys.selectors.results_asked import (
    Asked,
    results_asked,
    results_unconfirmed,
)
from surveys.views.results_links import Links

DIMENSIONS = ("segment", "plan", "owner", "stage", "language", "version")


def page_content(wanted: Wanted, links: Links, form: ResultsForm) -> dict[str, Any]:
    """This will gather the page. About fifteen queries, however many answers there are."""
    kind = wanted.survey.kind
    answers, asked = results_answers(wanted), results_asked(wanted)
    content: dict[str, Any] = {
        "survey": wanted.survey,
        "form": form,
        "periods": _periods(form, links),
        "versions": _versions(wanted, links),
        "answers": answers,
        "asked": asked,
        "unconfirmed": results_unconfirmed(wanted),
        "imported": wanted.survey.state == SurveyState.IMPORTED,
        "name": NAMES[kind],
        "meaning": MEANINGS[kind],
        "partial": not wanted.user.reach.sees.everybody,
        "links": _links(links),
        "enough": ENOUGH,
    }
    first = results_first_day(wanted)
    if not answers.count:
        return {**content, "ever": first is not None, "funnel": _funnel(asked)}
    now = figure(kind, answers.tally)
    content |= _headline(wanted, answers.tally, now)
    content |= {
        "over_time": _over_time(wanted, answers, first, now, content["change"]),
        "spread": spread_figure(kind, answers.tally),
        "groups": _groups(kind, answers.tally, links),
        "funnel": _funnel(asked),
        "rate": asked.rate and line("csat", "", asked.rate, answers=asked.delivered),
    }
    by_customer = results_by_customer(wanted)
    content["breakdowns"] = _breakdowns(wanted, answers, by_customer, links)
    content |= _beside(wanted, answers, asked, by_customer, now)
    return content


def _periods(form: ResultsForm, links: Links) -> list[dict[str, Any]]:
    labels = {
        "30": _("30 days"), "90": _("90 days"), "365": _("365 days"), ALL: _("All"),
    }  # fmt: skip
    return [
        {
            "label": labels[days],
            "url": links.period(days),
            "current": form.chosen == days,
        }
        for days in (*DAYS, ALL)
    ]


def _versions(wanted: Wanted, links: Links) -> list[dict[str, Any]]:
    """This will offer every wording that was asked, if there is more than one."""
    numbers = SurveyVersion.objects.filter(
        survey=wanted.survey, frozen_at__isnull=False
    ).order_by("number")
    found = list(numbers.values_list("number", flat=True))
    if len(found) < 2 and not wanted.version:
        return []
    chosen = [(0, _("All wordings"))]
    chosen += [(one, _("Version %(number)s") % {"number": one}) for one in found]
    return [
        {
            "label": label,
            "url": links.page(version=str(number) if number else ""),
            "current": number == wanted.version,
        }
        for number, label in chosen
    ]


def _links(links: Links) -> dict[str, str]:
    return {
        "all": links.rows(),
        "uncounted": links.rows(by="uncounted"),
        "flagged": links.rows(by="flagged"),
        "comment": links.rows(by="comment"),
        "unsent": links.answers("unsent"),
        "export": links.export(),
        "ever": links.period(ALL),
    }


def _headline(wanted: Wanted, tally: Tally, now: Estimate | None) -> dict[str, Any]:
    """This will say the figure, and how it compares with the stretch before. One query."""
    kind, earlier = wanted.survey.kind, wanted.period.before()
    before: Tally = {}
    if earlier:
        before = results_tally(
            Wanted(wanted.survey, wanted.user, earlier, wanted.zone, wanted.version)
        )
    moved = change(kind, before, tally)
    found = groups(kind, tally)
    return {
        "figure": now,
        "head": line(kind, "", now, answers=found.answers),
        "missing": missing_words(now.missing) if now and not now.enough else "",
        "count": answers_words(found.answers),
        "change": moved,
        "compared": change_words(
            kind, change=moved, before=figure(kind, before), period=earlier, now=now
        ),
        "easy": _easy(kind, found.high, found.answers),
    }


def _groups(kind: str, tally: Tally, links: Links) -> list[dict[str, Any]]:
    """This will lead to the answers of each group, the low one first."""
    found = groups(kind, tally)
    return [
        {
            "name": GROUP_NAMES[kind][group],
            "count": getattr(found, group),
            "url": links.rows(by="group", value=group),
        }
        for group in GROUPS
    ]


def _easy(kind: str, high: int, answers: int) -> Line | None:
    """This will give the share of 6 and 7 beside the mean of an effort survey."""
    if kind != SurveyKind.CES:
        return None
    return line("csat", "", share(high, answers), answers=answers)


def _over_time(
    wanted: Wanted,
    answers: Answers,
    first_answer: dt.date | None,
    now: Estimate | None,
    moved: Change | None,
) -> Any:
    """This will draw the figure by week, month or quarter. One query."""
    first, last = wanted.period.first or first_answer, wanted.period.last
    if first_answer and first:
        first = max(first, first_answer)
    if first is None or first > last:
        return None
    step = step_of(answers.count, (last - first).days + 1)
    found = results_over_time(wanted, step)
    points = {day: found.get(day, {}) for day in step_starts(first, last, step)}
    return time_figure(wanted.survey.kind, points, step=step, now=now, change=moved)


def _funnel(asked: Asked) -> dict[str, Any] | None:
    if not asked.turns:
        return None
    return {"steps": steps(asked), "drops": drops(asked)}


def _breakdowns(
    wanted: Wanted, answers: Answers, by_customer: Mapping[int, Tally], links: Links
) -> list[Breakdown]:
    """This will split the answers in six ways; one by which nothing is known is left out."""
    plans = portfolio_facts().plan_of(list(by_customer), on=wanted.period.last)
    found = []
    for dimension in DIMENSIONS:
        plan = dimension == "plan"
        parts = plan_parts(by_customer, plans) if plan else answers.parts(dimension)
        if any(part.key for part in parts):
            found.append(breakdown(wanted.survey.kind, dimension, parts, links.rows))
    return found


def _beside(
    wanted: Wanted,
    answers: Answers,
    asked: Asked,
    by_customer: Mapping[int, Tally],
    now: Estimate | None,
) -> dict[str, Any]:
    """This will give the other ways to count votes, and who does not answer."""
    nps = wanted.survey.kind == SurveyKind.NPS
    missed: Bias | None = None
    if asked.delivered:
        missed = bias(asked, answers.parts("segment") if nps else [])
    if not nps:
        return {"bias": missed, "weighings": []}
    revenue = portfolio_facts().revenue_of(list(by_customer), on=wanted.period.last)
    raw = Weighing(
        line("nps", _("One vote per answer"), now, answers=answers.count),
        answers_words(answers.count),
    )
    beside: Sequence[Weighing] = [raw, *weighed(by_customer, revenue)]
    if missed and missed.reweighted:
        beside = [*beside, reweighted_line(missed.reweighted)]
    return {"bias": missed, "weighings": beside, "nps": True}
