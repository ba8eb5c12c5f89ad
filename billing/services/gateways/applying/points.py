"""From when on a subscription is what a gateway tells, day by day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from billing.gateways.objects import RemoteSubscription
from billing.models import SubscriptionChange
from billing.services.gateways.applying.ground import Ground
from billing.services.gateways.applying.standing import (
    Standing,
    as_ended,
    standing_of,
)

Point = tuple[dt.date, Standing]


@dataclass(frozen=True, slots=True)
class Told:
    """What the gateway tells of the days from `since` on."""

    paid: Standing
    state: str
    since: dt.date
    today: dt.date
    trial_until: dt.date | None
    ends_on: dt.date | None

    def at(self, day: dt.date) -> Standing:
        """This will return what is in force on a day."""
        standing = self.paid
        until = standing.discount_until
        if until is not None and day >= until:
            standing = replace(
                standing, rate=standing.list_rate, discount=None, discount_until=None
            )
        if self.ends_on is not None and day >= self.ends_on:
            return as_ended(standing)
        return replace(standing, state=self._state(day))

    def _state(self, day: dt.date) -> str:
        tried = self.trial_until is not None and day < self.trial_until
        if self.state == "trial":
            return "trial" if tried or self.trial_until is None else "active"
        if day < self.today:
            # What we were not told of was paid, but for the trial that it began with.
            return "trial" if tried else "active"
        return "paused" if self.state == "paused" else "active"

    def days(self) -> set[dt.date]:
        """This will return the days on which something may change."""
        found = {self.since, self.trial_until, self.ends_on, self.paid.discount_until}
        if self.state == "paused":
            found.add(self.today)
        return {day for day in found if day is not None and day >= self.since}


def told_of(
    ground: Ground,
    remote: RemoteSubscription,
    paid: Standing,
    *,
    started_on: dt.date,
    known: bool,
) -> Told:
    """This will say what a gateway tells; of a known subscription, from today on.

    An end that has come counts from its own day, however late we hear of it.
    """
    ends_on = _ends_on(ground, remote, started_on)
    since = max(started_on, ground.today) if known else started_on
    if ends_on is not None:
        since = min(since, ends_on)
    trial = ground.day(remote.trial_until) if remote.trial_until else None
    return Told(
        paid=paid,
        state=remote.state,
        since=since,
        today=ground.today,
        trial_until=trial,
        ends_on=ends_on,
    )


def _ends_on(
    ground: Ground, remote: RemoteSubscription, started_on: dt.date
) -> dt.date | None:
    if remote.ends_at is not None:
        return max(started_on, ground.day(remote.ends_at))
    if remote.state != "ended":
        return None
    return max(started_on, ground.day(remote.cancelled_at or ground.now))


def points_missing(
    told: Told, log: Sequence[SubscriptionChange], started_on: dt.date
) -> list[Point]:
    """This will return what has to be added to a log (by day and id) so that it says so.

    Days before `since` are history and stay. What the log has booked for later and the
    gateway does not know of, is overwritten on its day.
    """
    known = _last_of_days(log, started_on)
    standing = _in_force(known, told.since)
    later = {day for day in known if day > told.since}
    missing: list[Point] = []
    for day in sorted(told.days() | later):
        there = known.get(day, standing)
        wanted = told.at(day)
        if there is None or not there.same(wanted):
            missing.append((day, wanted))
        standing = wanted
    return missing


def _last_of_days(
    log: Iterable[SubscriptionChange], started_on: dt.date
) -> dict[dt.date, Standing]:
    return {line.effective_on: standing_of(line, started_on) for line in log}


def _in_force(known: dict[dt.date, Standing], day: dt.date) -> Standing | None:
    days = [one for one in known if one <= day]
    return known[max(days)] if days else None
