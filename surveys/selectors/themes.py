"""Themes by how many people raise them and by the revenue behind them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Count, F, Max, Q, When
from django.db.models.functions import Coalesce

from accounts.models import User
from customers.models.scope import ScopedQuerySet
from surveys.calculations.frequency import Change, change_between
from surveys.calculations.scales import HIGH, LOW, MIDDLE, group_of
from surveys.enums import SurveyKind, ThemeState
from surveys.extension import portfolio_facts
from surveys.models import Feedback, Mention, Response, Theme, ThemeNote

PERIODS = (90, 365)
BY_PEOPLE, BY_REVENUE = "people", "revenue"
OPEN = frozenset({ThemeState.OPEN, ThemeState.PLANNED, ThemeState.DOING})
# A customer and the contact, where one is known.
Person = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme with its figures, over the customers a person sees.

    `revenue` is monthly, in the company's currency, of the customers whose revenue is
    known; `unknown` counts the others.
    """

    theme: Theme
    people: int
    before: int
    comments: int
    customers: int
    revenue: Decimal
    unknown: int
    detractors: int
    passives: int
    promoters: int
    unasked: int
    change: Change
    said_done: bool
    today: dt.date

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.theme.state in OPEN

    @property
    def late(self) -> bool:
        """Whether it is open past its day."""
        return bool(
            self.is_open and self.theme.due_on and self.theme.due_on < self.today
        )


@dataclass(frozen=True, slots=True)
class _Figures:
    """What the lines are made of: who raised what (with the own score), and about them."""

    raised: Mapping[int, dict[Person, int | None]]
    comments: Mapping[int, int]
    earlier: Mapping[int, int]
    spoke: tuple[int, int]
    scores: Mapping[int, int]
    revenue: Mapping[int, Decimal]
    done: Collection[int]


def themes_ranked(
    *, user: User, days: int, by: str = BY_PEOPLE, now: dt.datetime, today: dt.date
) -> list[ThemeLine]:
    """This will return all themes, the most raised (or with most revenue behind) first.

    People of the last `days` days, and of as many before for the change. Seven queries,
    and what the app with the revenue needs.
    """
    figures = _figures(user, days, now, today)
    themes = Theme.objects.select_related("department").order_by("name", "pk")
    lines = [_line(theme, figures, today) for theme in themes]
    if by == BY_REVENUE:
        lines.sort(key=lambda line: (-line.revenue, -line.people))
    else:
        lines.sort(key=lambda line: (-line.people, -line.revenue))
    return lines


def _figures(user: User, days: int, now: dt.datetime, today: dt.date) -> _Figures:
    since = now - dt.timedelta(days=days)
    before = since - dt.timedelta(days=days)
    raised, comments, earlier = _raised(user, before, since, now)
    everybody = {person for people in raised.values() for person in people}
    customers = {customer for customer, _contact in everybody}
    said_done = ThemeNote.objects.filter(done=True, theme__state__in=OPEN)
    return _Figures(
        raised=raised,
        comments=comments,
        earlier=earlier,
        spoke=_spoke(user, before, since, now),
        scores=_scores({contact for _customer, contact in everybody if contact}),
        revenue=portfolio_facts().revenue_of(customers, on=today),
        done=set(said_done.values_list("theme_id", flat=True)),
    )


def _line(theme: Theme, figures: _Figures, today: dt.date) -> ThemeLine:
    people = figures.raised.get(theme.pk, {})
    before = figures.earlier.get(theme.pk, 0)
    behind = {customer for customer, _contact in people}
    known = behind & figures.revenue.keys()
    groups = [_group(person, own, figures.scores) for person, own in people.items()]
    return ThemeLine(
        theme=theme,
        people=len(people),
        before=before,
        comments=figures.comments.get(theme.pk, 0),
        customers=len(behind),
        revenue=sum((figures.revenue[pk] for pk in known), Decimal(0)),
        unknown=len(behind - known),
        detractors=groups.count(LOW),
        passives=groups.count(MIDDLE),
        promoters=groups.count(HIGH),
        unasked=groups.count(""),
        change=change_between(
            now=len(people),
            before=before,
            all_now=figures.spoke[0],
            all_before=figures.spoke[1],
        ),
        said_done=theme.pk in figures.done,
        today=today,
    )


def mentions_counted(user: User) -> ScopedQuerySet[Mention]:
    """This will return the mentions that enter figures: what a machine answered does not."""
    return Mention.objects.visible_to(user).filter(
        Q(response__isnull=True) | Q(response__counted=True), removed=False
    )


def _raised(
    user: User, before: dt.datetime, since: dt.datetime, now: dt.datetime
) -> tuple[dict[int, dict[Person, int | None]], dict[int, int], dict[int, int]]:
    """This will say who raised each theme (with the own NPS score), and how many before.

    One query: a row per theme, person and period.
    """
    rows = (
        mentions_counted(user)
        .filter(said_at__gt=before, said_at__lte=now)
        .annotate(
            contact=Coalesce("response__contact_id", "feedback__contact_id"),
            lately=Case(When(said_at__gt=since, then=True), default=False),
        )
        .values_list("theme_id", "customer_id", "contact", "lately")
        .annotate(
            own=Max("response__score", filter=Q(response__kind=SurveyKind.NPS)),
            n=Count("pk"),
        )
        .order_by()
    )
    raised: dict[int, dict[Person, int | None]] = defaultdict(dict)
    comments: dict[int, int] = defaultdict(int)
    earlier: dict[int, int] = defaultdict(int)
    for theme, customer, contact, lately, own, n in rows:
        if lately:
            raised[theme][customer, contact] = own
            comments[theme] += n
        else:
            earlier[theme] += 1
    return raised, comments, earlier


def _spoke(
    user: User, before: dt.datetime, since: dt.datetime, now: dt.datetime
) -> tuple[int, int]:
    """This will count the people who said anything, lately and before. Two queries."""
    now_, before_ = set[Person](), set[Person]()
    said = Response.objects.visible_to(user).filter(counted=True).exclude(comment="")
    told = Feedback.objects.visible_to(user)
    for rows, at in ((said, "responded_at"), (told, "said_at")):
        spoken = (
            rows.filter(**{f"{at}__gt": before, f"{at}__lte": now})
            .annotate(
                lately=Case(When(**{f"{at}__gt": since}, then=True), default=False)
            )
            .values_list("customer_id", "contact_id", "lately")
            .order_by()
            .distinct()
        )
        for customer, contact, lately in spoken:
            (now_ if lately else before_).add((customer, contact))
    return len(now_), len(before_)


def _scores(contacts: Collection[int]) -> dict[int, int]:
    """This will return each contact's newest NPS score. One query."""
    rows = (
        Response.objects.filter(contact__in=contacts, kind=SurveyKind.NPS, counted=True)
        .order_by("contact", "-responded_at", "-pk")
        .distinct("contact")
    )
    return dict(rows.values_list(F("contact_id"), "score"))


def _group(person: Person, own: int | None, scores: Mapping[int, int]) -> str:
    """This will say whether somebody is a detractor, passive or promoter; "" if unknown.

    By the person's newest score; without a known contact by the score with the comment.
    """
    score = scores.get(person[1] or 0, own)
    return "" if score is None else group_of(SurveyKind.NPS, score)
