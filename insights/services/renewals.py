"""The daily work around renewals: the table, checkpoints, outcomes, offers, reminders."""

import datetime as dt
import logging
import time
from collections.abc import Callable

import numpy as np
from django.db.models import Avg, Count, F, Max

from accounts.models import Company
from accounts.selectors import company as the_company
from billing.calculations.yearly import Assumptions, Terms, gain
from billing.models import LedgerState, RenewalState
from billing.services.offers import offers_expire
from billing.services.reminders import reminders_queue
from common.dates import first_zone, local_day
from common.locks import Lock, session_lock_on
from common.outage import database_is_away
from customers.models import Customer
from health.models import Run, Standing
from health.selectors.standing import latest_run
from insights.selectors.renewals import renewal_sums
from insights.selectors.renewals_record import past_of
from insights.services.checkpoints import checkpoints_note
from insights.services.renewals_sql import (
    charges_count,
    outcomes_note,
    renewals_fill_range,
)

logger = logging.getLogger(__name__)
DAY = dt.timedelta(days=1)
# How far ahead the table looks, and what pages offer.
HORIZON_DAYS, WINDOWS = 190, (30, 60, 90, 180)
RANGE = 20_000
# A task may take 90 seconds; the next tick goes on where this one stops.
TICK_SECONDS = 45.0
# Between two fillings of a day lie at least so long, and so many times what one took.
REST, REST_TIMES = dt.timedelta(minutes=10), 30
# The usual offer, by which candidates are ordered.
USUAL = Terms(discount=0.1)
LEAST_FORESEEN = 20
STALE = dt.timedelta(days=3)


def renewals_tick(*, now: dt.datetime, seconds: float = TICK_SECONDS) -> None:
    """This will do whatever is due of the day; one at a time, and never twice.

    Trouble stands on the page; the next tick tries again.
    """
    end = time.monotonic() + seconds
    with session_lock_on(Lock.RENEWALS, 0) as free:
        if not free:
            return
        RenewalState.objects.get_or_create(id=1)
        trouble = ""
        try:
            _work(now, lambda: time.monotonic() < end)
        except Exception as error:
            if database_is_away(error):
                raise
            logger.exception("Renewals could not be worked on")
            trouble = f"{type(error).__name__}: {error}"
        RenewalState.objects.filter(id=1).exclude(trouble=trouble).update(
            trouble=trouble
        )


def _work(now: dt.datetime, go_on: Callable[[], bool]) -> None:
    company = the_company()
    today = local_day(now, first_zone(company.time_zone))
    offers_expire(now=now)
    if not renewals_fill(today=today, now=now, go_on=go_on):
        return
    state, run = RenewalState.objects.get(id=1), latest_run()
    # A view is noted once and for ever: not before there is one to note.
    if state.noted_on != today and run is not None and today - run.as_of <= STALE:
        checkpoints_note(today=today, now=now)
        outcomes_note(today=today, currency=company.currency)
        RenewalState.objects.filter(id=1).update(
            noted_on=today,
            charges=charges_count(today=today),
            record=past_of(None, today=today).as_json(),
        )
    if state.reminded_on != today:
        reminders_queue(today=today, now=now)
        RenewalState.objects.filter(id=1).update(reminded_on=today)


def renewals_fill(
    *,
    today: dt.date,
    now: dt.datetime,
    go_on: Callable[[], bool] = lambda: True,
    force: bool = False,
) -> bool:
    """This will bring the table up to date where it is not; True once it is.

    Anew every local day, after every run, and when the log of subscriptions has changed.
    Range by range, each in its own transaction: a page sees every customer whole.
    """
    state, _new = RenewalState.objects.get_or_create(id=1)
    run, changed = latest_run(), _changed()
    if state.cursor is None and not force and not _due(state, run, changed, today, now):
        return True
    started = time.monotonic()
    if state.cursor is None:
        state.cursor, state.seconds = 0, 0.0
        state.changed, state.run_id = changed, run.pk if run else None
        state.base = renewal_base(today=today, run=run)
        state.save()
    done = _ranges(state, today, go_on)
    state.seconds += time.monotonic() - started
    if done:
        state.cursor, state.filled_at, state.filled_on = None, now, today
        state.sums = [row.as_json() for row in renewal_sums(None)]
    state.save()
    return done


def _changed() -> int:
    row = LedgerState.objects.filter(id=1).values_list("changed", flat=True).first()
    return row or 0


def _due(
    state: RenewalState, run: Run | None, changed: int, today: dt.date, now: dt.datetime
) -> bool:
    if state.filled_at is None or state.filled_on != today:
        return True
    if run is not None and run.pk != state.run_id:
        return True
    rest = max(REST, dt.timedelta(seconds=REST_TIMES * state.seconds))
    return changed != state.changed and now - state.filled_at >= rest


def _ranges(state: RenewalState, today: dt.date, go_on: Callable[[], bool]) -> bool:
    company = the_company()
    newest = Customer.objects.aggregate(last=Max("pk"))["last"] or 0
    factors = gain_factors(company)
    while state.cursor is not None and state.cursor <= newest:
        if not go_on():
            return False
        renewals_fill_range(
            first=state.cursor,
            last=state.cursor + RANGE - 1,
            today=today,
            horizon=today + HORIZON_DAYS * DAY,
            currency=company.currency,
            base=state.base,
            factors=factors,
        )
        state.cursor += RANGE
        RenewalState.objects.filter(id=1).update(cursor=state.cursor)
    return True


def renewal_base(*, today: dt.date, run: Run | None) -> float | None:
    """This will return the share that usually leaves at a renewal, as far as foreseen.

    The mean of those of the next 180 days; of fewer than 20 it says nothing. Whoever
    comes up for renewal leaves far more easily than the average customer in 90 days, so
    "twice the usual" is measured among renewals.
    """
    if run is None:
        return None
    soon = Standing.objects.filter(
        renews_on__range=(today, today + WINDOWS[-1] * DAY), stays__isnull=False
    )
    found = soon.aggregate(n=Count("pk"), leaves=Avg(1.0 - F("stays")))
    return float(found["leaves"]) if found["n"] >= LEAST_FORESEEN else None


def assumptions_of(company: Company) -> Assumptions:
    """This will return what offers of yearly billing are reckoned with."""
    return Assumptions(float(company.gross_margin), float(company.discount_rate))


def gain_factors(company: Company) -> list[float]:
    """This will return the usual offer's gain per unit of revenue at 0, 0.001 … 1."""
    churn = np.linspace(0.0, 1.0, 1001)
    found: list[float] = gain(
        np.ones(1001), churn, USUAL, assumptions_of(company)
    ).tolist()
    return found
