"""The answers behind a number of a results page, one by one."""

from collections.abc import Iterator

from django.db.models import Q

from customers.timeline import Place
from surveys.calculations.scales import BORDERS, GROUPS, HIGH, LOW, SCALES
from surveys.extension import portfolio_facts
from surveys.models import Response
from surveys.models.response import ResponseQuerySet
from surveys.selectors.results import Answers, Wanted

SHOWN = 50
CHUNK = 2_000
SOURCE = "answer"
# What a number may be about, besides the parts of Answers.
MORE = ("score", "group", "plan", "comment", "flagged", "uncounted")


def results_rows(wanted: Wanted, *, by: str, value: str) -> ResponseQuerySet | None:
    """This will keep the answers behind a number; None where there is no such number.

    One query more for a plan, which apps above know.
    """
    rows = wanted.answers()
    if by == "uncounted":
        return rows.filter(counted=False)
    condition = _condition(wanted, by, value)
    return None if condition is None else rows.counted().filter(condition)


def results_page(
    rows: ResponseQuerySet, behind: Place | None
) -> tuple[list[Response], str]:
    """This will return 50 answers, newest first, and the place to go on from. One query."""
    if behind:
        rows = rows.filter(behind.behind(SOURCE, "responded_at"))
    related = ("customer__owner", "contact", "version__survey", "handler")
    ordered = rows.select_related(*related).order_by("-responded_at", "-id")
    shown = list(ordered[: SHOWN + 1])
    last = shown[SHOWN - 1] if len(shown) > SHOWN else None
    older = Place(last.responded_at, SOURCE, last.pk).encode() if last else ""
    return shown[:SHOWN], older


def results_chunks(wanted: Wanted) -> Iterator[list[Response]]:
    """This will read all answers of a period, oldest first, in pieces of a query each."""
    related = ("customer", "contact", "version", "invitation")
    rows = wanted.answers().select_related(*related).order_by("responded_at", "id")
    last: Response | None = None
    while True:
        after = Q()
        if last is not None:
            at, same = last.responded_at, Q(responded_at=last.responded_at)
            # The first half is for the index, so that a piece does not read the others.
            after = Q(responded_at__gte=at) & (~same | Q(pk__gt=last.pk))
        piece = list(rows.filter(after)[:CHUNK])
        if not piece:
            return
        yield piece
        last = piece[-1]


def _condition(wanted: Wanted, by: str, value: str) -> Q | None:
    if not by:
        return Q()
    if by in Answers.PARTS:
        return _part(by, value)
    if by == "comment":
        return ~Q(comment="")
    if by == "flagged":
        return ~Q(flags=[])
    kind = wanted.survey.kind
    if by == "score" and value in {str(score) for score in range(11)}:
        return Q(score=int(value))
    if by == "group" and value in GROUPS:
        return _group(kind, value)
    return Q(customer__in=_on_plan(wanted, value)) if by == "plan" else None


def _part(by: str, value: str) -> Q | None:
    column, _name = Answers.PARTS[by]
    if by in {"stage", "language"}:
        return Q(**{column: value})
    if not value:
        return Q(**{f"{column}__isnull": True})
    # As long as PostgreSQL's bigint takes it.
    fits = value.isascii() and value.isdecimal() and len(value) < 19
    return Q(**{column: int(value)}) if fits else None


def _group(kind: str, group: str) -> Q:
    last_low, first_high = BORDERS[kind]
    first, last = SCALES[kind]
    if group == LOW:
        return Q(score__range=(first, last_low))
    if group == HIGH:
        return Q(score__range=(first_high, last))
    return Q(score__range=(last_low + 1, first_high - 1))


def _on_plan(wanted: Wanted, key: str) -> list[int]:
    """This will return the customers who answered and pay most for a plan."""
    rows = wanted.answers().counted().order_by()
    ids = list(rows.values_list("customer_id", flat=True).distinct())
    plans = portfolio_facts().plan_of(ids, on=wanted.period.last)
    return [pk for pk in ids if plans.get(pk, ("", ""))[0] == key]
