"""Offers of yearly billing: made, withdrawn, answered, run out.

Nothing about a subscription changes without the customer's yes.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import MACHINE, Actor
from accounts.selectors import company as the_company
from accounts.services.audit import audit_record
from billing.enums import OfferState
from billing.events import YEARLY_ANSWERED, YEARLY_OFFERED
from billing.mails import YearlyOfferMail
from billing.models import Subscription, YearlyOffer
from billing.selectors.offers import offer_state
from billing.services.subscriptions.situation import (
    UnableToChangeSubscription,
    situation_of,
)
from billing.services.subscriptions.writing import step_take, subscription_locked
from billing.services.yearly_terms import PayByTheYear
from common.dates import day_end, first_zone, local_day
from common.errors import KeepwellError
from customers.models import Contact, Customer
from customers.services.events import event_record
from mail.services.outbox import message_queue

# What is offered to choose from.
DISCOUNTS = (Decimal("0.10"), Decimal("0.15"), Decimal("0.20"))
FREE_MONTHS = (1, 2)
SHORTEST, LONGEST = 3, 60


class UnableToOffer(KeepwellError):
    """No such offer can be made; the text says why."""


class UnableToAnswerOffer(KeepwellError):
    """The offer can not be answered, or not so; the text says why."""


@dataclass(frozen=True, slots=True)
class OfferValues:
    """What is offered to whom, and for how many days."""

    contact: Contact
    discount: Decimal = Decimal(0)
    free_months: int = 0
    days: int = 14


@transaction.atomic
def offer_make(
    *, subscription: Subscription, values: OfferValues, by: Actor, now: dt.datetime
) -> YearlyOffer:
    """This will offer yearly billing by mail. Raises UnableToOffer.

    It counts to the end of its last day in the company's time zone. One open offer a
    subscription: two people who press at once make one.
    """
    row = subscription_locked(subscription)
    _check(row, values)
    offers_expire(now=now)
    situation = situation_of(row, now=now)
    mrr = situation.course.at(situation.period_end()).rate
    terms = PayByTheYear(mrr, values.discount, values.free_months)
    try:
        terms.planned(situation)
    except UnableToChangeSubscription as error:
        raise UnableToOffer(str(error)) from error
    zone = first_zone(the_company().time_zone)
    last_day = local_day(now, zone) + dt.timedelta(days=values.days)
    try:
        with transaction.atomic():
            offer = YearlyOffer.objects.create(
                customer=row.customer,
                subscription=row,
                contact=values.contact,
                discount=values.discount,
                free_months=values.free_months,
                mrr=mrr,
                yearly=terms.yearly(),
                currency=row.currency,
                offered_by=by.user,
                offered_at=now,
                expires_at=day_end(last_day, zone),
            )
    except IntegrityError as error:
        text = _("An offer is open already. Withdraw it before you make another.")
        raise UnableToOffer(text) from error
    message_queue(
        kind=YearlyOfferMail.key,
        to_email=values.contact.email,
        data={"offer": offer.pk, "contact_id": values.contact.pk},
        effect_key=f"{YearlyOfferMail.key}:{offer.pk}",
        contact=values.contact,
        customer=row.customer,
        author=by.user,
        expires_at=offer.expires_at,
        now=now,
    )
    _tell(offer, YEARLY_OFFERED, by, now)
    return offer


def _check(row: Subscription, values: OfferValues) -> None:
    if (values.discount in DISCOUNTS) is (values.free_months in FREE_MONTHS):
        raise UnableToOffer(_("Choose a discount or free months."))
    if values.discount and values.free_months:
        raise UnableToOffer(_("Choose a discount or free months."))
    if not SHORTEST <= values.days <= LONGEST:
        text = _("Let the offer count between %(first)d and %(last)d days.")
        raise UnableToOffer(text % {"first": SHORTEST, "last": LONGEST})
    contact = values.contact
    there = contact.left_on is None and contact.email
    if contact.customer_id != row.customer_id or not there:
        raise UnableToOffer(_("Choose a contact of this customer with an address."))


@transaction.atomic
def offer_withdraw(*, offer: YearlyOffer, by: Actor, now: dt.datetime) -> bool:
    """This will take an open offer back; False when it was answered or over before."""
    row = YearlyOffer.objects.select_for_update().get(pk=offer.pk)
    if offer_state(row, now=now) != OfferState.OPEN:
        return False
    row.state, row.answered_at = OfferState.WITHDRAWN, now
    row.save(update_fields=["state", "answered_at"])
    audit_record(
        by=by,
        action="billing.yearly_withdrawn",
        now=now,
        subject=row,
        before={"state": OfferState.OPEN},
        after={"state": OfferState.WITHDRAWN},
    )
    return True


@transaction.atomic
def offer_answer(*, offer: YearlyOffer, accept: bool, now: dt.datetime) -> YearlyOffer:
    """This will take the customer's answer; a second one finds the first and changes

    nothing. A yes changes the subscription in the same transaction: both or neither.
    Raises UnableToAnswerOffer where the offer is over, or does not fit any more.
    """
    # The subscription first, as everybody who changes one does.
    subscription = subscription_locked(offer.subscription)
    row = YearlyOffer.objects.select_for_update().get(pk=offer.pk)
    state = offer_state(row, now=now)
    if state in {OfferState.ACCEPTED, OfferState.DECLINED}:
        return row
    if state != OfferState.OPEN:
        raise UnableToAnswerOffer(_("This offer is not open any more."))
    if accept:
        step = PayByTheYear(row.mrr, row.discount, row.free_months)
        try:
            step_take(
                subscription=subscription,
                step=step,
                by=MACHINE,
                now=now,
            )
        except UnableToChangeSubscription as error:
            text = _(
                "The subscription has changed since this offer was made, so nothing was"
                " changed. Please reply to our mail: a person reads it."
            )
            raise UnableToAnswerOffer(text) from error
    row.state = OfferState.ACCEPTED if accept else OfferState.DECLINED
    row.answered_at = now
    row.save(update_fields=["state", "answered_at"])
    _tell(row, YEARLY_ANSWERED, MACHINE, now)
    return row


def offers_expire(*, now: dt.datetime) -> int:
    """This will note which offers have run out; they count as such before that."""
    rows = YearlyOffer.objects.filter(state=OfferState.OPEN, expires_at__lte=now)
    return rows.update(state=OfferState.EXPIRED)


def _tell(offer: YearlyOffer, kind: str, by: Actor, now: dt.datetime) -> None:
    data = {
        "state": offer.state,
        "yearly": str(offer.yearly),
        "currency": offer.currency,
        "discount": str(offer.discount),
        "free_months": offer.free_months,
    }
    customer: Customer = offer.customer
    event_record(
        customer=customer,
        kind=kind,
        happened_at=now,
        now=now,
        actor=by.user,
        subject=offer,
        data=data,
    )
    audit_record(by=by, action=kind, now=now, subject=offer, after=data)
