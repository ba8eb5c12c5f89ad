"""Cancelling, and withdrawing that before it takes effect."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import Actor
from billing.enums import ChangeAction
from billing.models import Subscription, SubscriptionChange
from billing.services.subscriptions.situation import Planned, Situation, refuse
from billing.services.subscriptions.writing import step_take


@dataclass(frozen=True, slots=True)
class Cancel:
    """The end, from a day on: the end of the term that is paid for unless told.

    Add-ons end with what they belong to. A notice period is told and not enforced.
    """

    on: dt.date | None = None

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        course = situation.course
        on = self.on or situation.period_end()
        situation.check_day(on)
        marked = course.with_point(on, ChangeAction.CANCELLED)
        ended = marked.edited(lambda terms: replace(terms, ended=True), on=on)
        along = self._add_ons(situation.subscription, on)
        return Planned(ended, on, ChangeAction.CANCELLED, tuple(along))

    def _add_ons(
        self, base: Subscription, on: dt.date
    ) -> Iterator[tuple[Subscription, "Cancel"]]:
        running = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
        for add_on in base.add_ons.filter(running).order_by("id"):
            yield add_on, Cancel(max(on, add_on.started_on))


@dataclass(frozen=True, slots=True)
class Keep:
    """An end that is withdrawn, up to the day on which it takes effect."""

    def planned(self, situation: Situation) -> Planned:
        """This will say what would be. Raises UnableToChangeSubscription."""
        on = situation.course.ends_on
        if on is None:
            refuse(_("No end is booked, so there is nothing to withdraw."))
        if on < situation.today:
            refuse(_("It has ended already. Start it again instead."))
        self._check(situation.subscription)
        kept = situation.course.edited(lambda terms: replace(terms, ended=False), on=on)
        paid = kept.before(on).state == "trial" and kept.at(on).state != "trial"
        action = ChangeAction.TRIAL_ENDED if paid else ChangeAction.KEPT
        kept = kept.with_point(on, action)
        add_ons = situation.subscription.add_ons.filter(ended_on=on).order_by("id")
        along = [(add_on, Keep()) for add_on in add_ons]
        return Planned(kept, on, ChangeAction.KEPT, along)

    def _check(self, subscription: Subscription) -> None:
        if subscription.followers.exists():
            refuse(_("Another subscription has taken its place already."))
        parent = subscription.parent
        end = parent.ended_on if parent else None
        if end is not None and end == subscription.ended_on:
            refuse(_("It ends with the plan it belongs to. Keep that one."))


def subscription_cancel(
    *,
    subscription: Subscription,
    on: dt.date | None = None,
    by: Actor,
    now: dt.datetime,
    note: str = "",
) -> list[SubscriptionChange]:
    """This will end a subscription and its add-ons, at the end of the term unless told."""
    step = Cancel(on)
    return step_take(subscription=subscription, step=step, by=by, now=now, note=note)


def subscription_keep(
    *, subscription: Subscription, by: Actor, now: dt.datetime, note: str = ""
) -> list[SubscriptionChange]:
    """This will withdraw an end that has not taken effect, also those of its add-ons."""
    return step_take(subscription=subscription, step=Keep(), by=by, now=now, note=note)
