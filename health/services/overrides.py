"""Scores set by hand: somebody knows better, says why, and until when."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.errors import KeepwellError
from customers.models import Customer
from customers.services.events import event_record
from health.events import OVERRIDE_ENDED, OVERRIDE_SET
from health.models import Override
from health.services.rescoring import customer_rescore

# The longest time one may know better for, in days.
MOST_DAYS = 180


class UnableToOverride(KeepwellError):
    """The score, its reason or its last day cannot be taken; the text says which."""


class UnableToReturnOverride(KeepwellError):
    """There is no score by hand that could come back."""


def override_set(
    *,
    customer: Customer,
    score: int,
    reason: str,
    expires_on: dt.date,
    by: Actor,
    today: dt.date,
    now: dt.datetime,
) -> Override:
    """This will let another score count from now up to and with a day, and rescore.

    `today` is the company's day. One that stands already is ended. UnableToOverride says
    what is amiss.
    """
    _check(score=score, reason=reason, expires_on=expires_on, today=today)
    override = _set(
        customer=customer,
        score=score,
        reason=reason.strip(),
        expires_on=expires_on,
        by=by,
        today=today,
        now=now,
    )
    customer_rescore(customer_id=customer.pk, now=now)
    return override


def override_end(*, customer: Customer, by: Actor, now: dt.datetime) -> Override | None:
    """This will let the formula's score count again; None where none was set by hand."""
    with transaction.atomic():
        ended = _end_open(customer, by, now)
        if ended is None:
            return None
        _tell(ended, OVERRIDE_ENDED, by, now)
        audit_record(
            by=by,
            action="health.override_ended",
            now=now,
            subject=customer,
            before={"score": ended.score, "expires_on": ended.expires_on},
        )
    customer_rescore(customer_id=customer.pk, now=now)
    return ended


def override_return(
    *, customer: Customer, by: Actor, today: dt.date, now: dt.datetime
) -> Override:
    """This will set anew what was ended last: the way back from `override_end`."""
    last = (
        Override.objects.filter(customer=customer, ended_at__isnull=False)
        .order_by("-ended_at", "-id")
        .first()
    )
    if last is None or last.expires_on < today:
        raise UnableToReturnOverride(_("There is no score by hand to bring back."))
    return override_set(
        customer=customer,
        score=last.score,
        reason=last.reason,
        expires_on=last.expires_on,
        by=by,
        today=today,
        now=now,
    )


def _check(*, score: int, reason: str, expires_on: dt.date, today: dt.date) -> None:
    if not 0 <= score <= 100:
        raise UnableToOverride(_("A score is a whole number from 0 to 100."))
    if not reason.strip():
        raise UnableToOverride(_("Say why another score should count."))
    if expires_on < today:
        raise UnableToOverride(_("The last day must not lie in the past."))
    if (expires_on - today).days > MOST_DAYS:
        raise UnableToOverride(
            ngettext(
                "A score set by hand lasts %(days)d day at most.",
                "A score set by hand lasts %(days)d days at most.",
                MOST_DAYS,
            )
            % {"days": MOST_DAYS}
        )


@transaction.atomic
def _set(
    *,
    customer: Customer,
    score: int,
    reason: str,
    expires_on: dt.date,
    by: Actor,
    today: dt.date,
    now: dt.datetime,
) -> Override:
    before = _end_open(customer, by, now)
    override = Override.objects.create(
        customer=customer,
        score=score,
        reason=reason,
        author=by.user,
        created_at=now,
        expires_on=expires_on,
    )
    days = (expires_on - today).days + 1
    _tell(override, OVERRIDE_SET, by, now, days=days)
    audit_record(
        by=by,
        action="health.override_set",
        now=now,
        subject=customer,
        before={"score": before.score, "expires_on": before.expires_on}
        if before
        else None,
        after={"score": score, "expires_on": expires_on},
        personal={"after": {"reason": reason}},
    )
    return override


def _end_open(customer: Customer, by: Actor, now: dt.datetime) -> Override | None:
    # Two people who set one at once take turns.
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    override = Override.objects.filter(customer=customer, ended_at__isnull=True).first()
    if override is not None:
        override.ended_at, override.ended_by = now, by.user
        override.save(update_fields=["ended_at", "ended_by"])
    return override


def _tell(
    override: Override, kind: str, by: Actor, now: dt.datetime, **more: int
) -> None:
    event_record(
        customer=override.customer,
        kind=kind,
        happened_at=now,
        now=now,
        actor=by.user,
        subject=override,
        data={"score": override.score, **more},
    )
