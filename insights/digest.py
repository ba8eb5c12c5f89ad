"""What a person's digest says: the first few of what Today shows."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from accounts.selectors import company
from customers.models import Task
from customers.selectors.page import tasks_due
from health.selectors.board import board_at_risk, next_renewals
from health.selectors.standing import latest_run
from insights.rows import Renewal, Row, put_in_words
from surveys.models import Response
from surveys.selectors.answers import answers_waiting

FIRST_FEW = 5
SOON = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DigestContent:
    """The lines of one digest, each list already cut to its first few."""

    currency: str
    at_risk: int
    rows: list[Row]
    tasks: list[Task]
    tasks_total: int
    answers: list[Response]
    renewals: list[Renewal]

    def __bool__(self) -> bool:
        return bool(self.rows or self.tasks or self.answers or self.renewals)


def digest_content(*, user: User, now: dt.datetime, today: dt.date) -> DigestContent:
    """This will gather what the person should know this morning. At most 9 queries.

    Falsy when there is nothing to say. `today` is the person's local day.
    """
    # What a CSM sees depends on the company; it is read once.
    user.company = here = company()
    run = latest_run()
    tasks, tasks_total = tasks_due(user=user, today=today, limit=FIRST_FEW)
    rows: list[Row] = []
    renewals: list[Renewal] = []
    at_risk = 0
    if run:
        queue = board_at_risk(user=user, words="").exclude(snoozed_until__gt=today)
        at_risk = queue.count()
        first = list(queue.order_by("-queue_value", "customer_id")[:FIRST_FEW])
        rows = put_in_words(first, as_of=run.as_of, first=1)
        renewals = [
            Renewal(board, run.as_of)
            for board in next_renewals(user=user, as_of=today, limit=FIRST_FEW)
            if board.renews_on and board.renews_on <= today + SOON
        ]
    return DigestContent(
        currency=here.currency,
        at_risk=at_risk,
        rows=rows,
        tasks=tasks,
        tasks_total=tasks_total,
        answers=answers_waiting(user=user, now=now),
        renewals=renewals,
    )
