"""What the page "Who is asked" tells of one survey."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Count

from accounts.models import User
from common.dates import day_end
from customers.models import Customer
from surveys.enums import Drop, Schedule, SurveyState
from surveys.models import Invitation, Survey
from surveys.selectors.audience import Verdict, verdicts_of
from surveys.selectors.rules import survey_rules
from surveys.selectors.turns import DAY, Day, turns_now

# So many customers are judged for the page; asking itself judges all of them.
JUDGED = 5_000
ON_A_PAGE = 20
ENDED = (SurveyState.CLOSED, SurveyState.IMPORTED)


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would be asked on a day, and who not and why.

    `turns` customers' turn it is; of `judged` of them each contact has a verdict.
    """

    day: Day
    turns: int
    judged: int
    verdicts: list[Verdict]

    @property
    def counts(self) -> Counter[str]:
        """How many contacts there are of each reason; "" for those who are asked."""
        return Counter(str(verdict.drop) for verdict in self.verdicts)

    @property
    def asked(self) -> int:
        """How many contacts would be asked."""
        return self.counts[Drop.NONE]

    def page(self, *, user: User, drop: str | None, number: int) -> "Page":
        """This will return the contacts of one reason (None: all) whom a person may see."""
        chosen = [one for one in self.verdicts if drop is None or one.drop == drop]
        shown = _visible(chosen, user)
        last = max(0, (len(shown) - 1) // ON_A_PAGE)
        number = min(number, last)
        first = number * ON_A_PAGE
        return Page(_named(shown[first : first + ON_A_PAGE]), number, last)


def _visible(verdicts: list[Verdict], user: User) -> list[Verdict]:
    """This will keep those at customers that a person may see. One query, or none."""
    if user.reach.sees.everybody:
        return verdicts
    ids = {verdict.turn.customer_id for verdict in verdicts}
    rows = Customer.objects.visible_to(user).filter(pk__in=ids)
    visible = set(rows.values_list("pk", flat=True))
    return [verdict for verdict in verdicts if verdict.turn.customer_id in visible]


def _named(verdicts: list[Verdict]) -> list[Verdict]:
    """This will read the customers of a page. One query."""
    customers = Customer.objects.in_bulk(
        [verdict.contact.customer_id for verdict in verdicts]
    )
    for verdict in verdicts:
        verdict.contact.customer = customers[verdict.contact.customer_id]
    return verdicts


@dataclass(frozen=True, slots=True)
class Page:
    """A page of contacts, counted from 0."""

    verdicts: list[Verdict]
    number: int
    last: int


def audience_preview(survey: Survey, day: Day) -> Preview:
    """This will judge those whose turn it is today, or on the first day where that is later.

    As if the survey ran, so that a draft can be looked at. About ten queries.
    """
    day = first_look(survey, day)
    turns = [] if is_done(survey, day) else turns_now(survey, day)
    judged = turns[:JUDGED]
    verdicts = verdicts_of(survey, judged, rules=survey_rules(), day=day)
    return Preview(day, len(turns), len(judged), verdicts)


def first_look(survey: Survey, day: Day) -> Day:
    """This will return today, or a survey's first day where that is still to come."""
    if survey.starts_on is None or survey.starts_on <= day.today:
        return day
    begins = day_end(survey.starts_on - DAY, day.zone)
    return replace(day, now=begins, today=survey.starts_on)


def is_done(survey: Survey, day: Day) -> bool:
    """This will say whether nobody more is asked on this day."""
    if survey.state in ENDED or (survey.ends_on and survey.ends_on < day.today):
        return True
    if survey.asked_on is None or survey.schedule == Schedule.EVENT:
        return False
    return survey.schedule == Schedule.ONCE or survey.asked_on >= day.today


def audience_so_far(survey: Survey) -> tuple[int, Mapping[str, int]]:
    """This will count who was asked, and who was dropped by reason. One query."""
    rows = Invitation.objects.filter(survey=survey).order_by()
    counts = dict(rows.values_list("drop").annotate(count=Count("id")))
    asked = counts.pop(Drop.NONE, 0)
    return asked, counts
