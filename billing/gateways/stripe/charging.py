"""Charging an invoice, and finding out what became of a charge.

Stripe itself tries an invoice again when it likes, and the customer may pay by hand. So a
charge counts as ours only if it was made at or after the moment we asked; before that
moment, whatever failed or came in was somebody else's doing.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Any

import stripe

from billing.gateways.base import (
    Answer,
    Outcome,
    UnableToReachGateway,
    UnableToUseGateway,
)
from billing.gateways.stripe.errors import asking, is_missing, wait_of, words_of
from billing.gateways.stripe.http import NotSent
from billing.gateways.stripe.money import amount_of, moment
from billing.gateways.stripe.payments import CONFIRM, code_of, paid_by
from billing.gateways.stripe.reading import id_of, told, translating

# Four levels are all that Stripe expands.
PAYMENTS = ["payments.data.payment.payment_intent"]
# A question may be under way that long before Stripe works on it.
SAFE = dt.timedelta(minutes=2)
UNKNOWN = Answer(Outcome.UNKNOWN)
# How a method is called that Stripe will not charge at all; dunning knows it as "hard".
UNUSABLE = "payment_method_invalid"
MESSAGE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Seen:
    """An invoice with every charge that was tried for it, and Stripe's time then."""

    invoice: Any
    intents: Sequence[Any]
    charges: Sequence[Any]
    at: dt.datetime


def invoice_charge(
    client: stripe.StripeClient, *, invoice: str, method: str, key: str
) -> Answer:
    """This will have an invoice collected now; Stripe does it once per key.

    What is left open there is collected, so never more than is owed. One call; another one
    or two where the answer leaves something open.
    """
    asked_at = dt.datetime.now(dt.UTC)
    try:
        row = client.v1.invoices.pay(
            invoice,
            {"payment_method": method, "off_session": True, "expand": PAYMENTS},
            {"idempotency_key": key},
        )
    except NotSent as error:
        raise UnableToReachGateway(words_of(error)) from error
    except (stripe.APIConnectionError, stripe.IdempotencyError):
        return UNKNOWN
    except stripe.RateLimitError as error:
        raise UnableToReachGateway(words_of(error), after=wait_of(error)) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise UnableToUseGateway(words_of(error)) from error
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        return _refused(client, error, invoice=invoice, asked_at=asked_at)
    except stripe.StripeError:
        # A stored 500 is given again for ever: only reading tells what happened.
        return UNKNOWN
    return _answered(client, row, asked_at=asked_at)


def charge_outcome(
    client: stripe.StripeClient, *, invoice: str, asked_at: dt.datetime
) -> Answer:
    """This will read what became of a charge that was asked for at a moment. Nothing is
    charged. One call and one per intent of the invoice."""
    try:
        seen = _look(client, invoice)
    except stripe.InvalidRequestError as error:
        if is_missing(error):
            return UNKNOWN
        raise
    answer = _judged(seen, since=asked_at.replace(microsecond=0))
    if answer is not None:
        return answer
    if seen.invoice.status == "paid" or seen.at - asked_at > SAFE:
        return Answer(Outcome.NOT_MADE)
    return UNKNOWN


def _answered(
    client: stripe.StripeClient, row: Any, *, asked_at: dt.datetime
) -> Answer:
    """This will read the answer to our own question; what is not clear is UNKNOWN."""
    try:
        if row.status == "paid":
            return _paid(row)
        return _read_again(client, row.id, asked_at=asked_at) or UNKNOWN
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError):
        return UNKNOWN


def _paid(row: Any) -> Answer:
    """This will say by what an invoice was paid: the newest payment that came in."""
    currency = row.currency
    rows = [one for one in told(row, "payments", "data") or () if one.status == "paid"]
    if not rows:
        # Nothing was left to collect.
        return Answer(Outcome.NOT_MADE, code="invoice_paid")
    last = max(rows, key=lambda one: told(one, "status_transitions", "paid_at") or 0)
    intent = told(last, "payment", "payment_intent")
    paid_at = told(last, "status_transitions", "paid_at") or last.created
    return Answer(
        Outcome.SUCCEEDED,
        payment=id_of(told(intent, "latest_charge") or told(last, "payment", "charge")),
        amount=amount_of(last.amount_paid, currency)
        if last.amount_paid
        else paid_by(row),
        happened_at=moment(paid_at),
        method=id_of(told(intent, "payment_method")),
    )


def _refused(
    client: stripe.StripeClient,
    error: stripe.CardError | stripe.InvalidRequestError,
    *,
    invoice: str,
    asked_at: dt.datetime,
) -> Answer:
    """This will read a refusal. Our question was answered, so it is over in any case."""
    code = str(told(error.error, "decline_code") or error.code or "")
    message = str(error.user_message or "")[:MESSAGE_LENGTH]
    if isinstance(error, stripe.CardError) or code in CONFIRM:
        return _declined(client, error, invoice=invoice, code=code, message=message)
    # Of what is not there nothing can have been tried.
    seen = (
        None if is_missing(error) else _read_again(client, invoice, asked_at=asked_at)
    )
    if seen is not None:
        return seen
    if error.param == "payment_method":
        return Answer(Outcome.DECLINED, code=UNUSABLE, message=message)
    return Answer(Outcome.NOT_MADE, code=code or "refused", message=message)


def _declined(
    client: stripe.StripeClient,
    error: stripe.StripeError,
    *,
    invoice: str,
    code: str,
    message: str,
) -> Answer:
    """This will say which try was declined. It is looked up where the error does not tell,
    so that nobody takes the same try for another one later."""
    intent = told(error.error, "payment_intent")
    charge = id_of(told(error.error, "charge") or told(intent, "latest_charge"))
    confirm = code in CONFIRM
    answer = Answer(
        Outcome.NEEDS_ACTION if confirm else Outcome.DECLINED,
        payment=charge or id_of(intent),
        code=code[:60],
        message=message,
        method=id_of(told(error.error, "payment_method")),
    )
    if charge and not confirm:
        return answer
    try:
        seen = _look(client, invoice)
    except stripe.StripeError:
        return answer
    last = max(seen.charges, key=_order, default=None)
    waiting = [one.id for one in seen.intents if one.status == "requires_action"]
    return replace(
        answer,
        payment=charge or next(iter(waiting), "") or id_of(last),
        action_url=_page_of(seen) if confirm else "",
    )


def _page_of(seen: Seen) -> str:
    return told(seen.invoice, "hosted_invoice_url") or ""


def _read_again(
    client: stripe.StripeClient, invoice: str, *, asked_at: dt.datetime
) -> Answer | None:
    """This will look what a call of ours has left behind; None where nothing is seen."""
    try:
        seen = _look(client, invoice)
    except stripe.StripeError:
        return UNKNOWN
    return _judged(seen, since=asked_at.replace(microsecond=0))


def _look(client: stripe.StripeClient, invoice: str) -> Seen:
    row = client.v1.invoices.retrieve(invoice, {"expand": PAYMENTS})
    intents = [
        told(one, "payment", "payment_intent")
        for one in told(row, "payments", "data") or ()
        if one.payment.type == "payment_intent" and one.status != "canceled"
    ]
    charges: list[Any] = []
    for intent in intents:
        page = client.v1.charges.list({"payment_intent": id_of(intent), "limit": 100})
        charges += page.data
    return Seen(row, intents, charges, _time_of(row))


def _time_of(row: Any) -> dt.datetime:
    """This will return Stripe's own time when it answered, by which it dates charges."""
    response = row.last_response
    date = response.headers.get("Date", "") if response is not None else ""
    try:
        return parsedate_to_datetime(date).astimezone(dt.UTC)
    except ValueError:
        return dt.datetime.now(dt.UTC)


def _judged(seen: Seen, *, since: dt.datetime) -> Answer | None:
    """This will say what the charges since a moment amount to; None without any."""
    with translating(seen.invoice):
        ours = [one for one in seen.charges if moment(one.created) >= since]
        came_in = [one for one in ours if one.status == "succeeded"]
        if came_in:
            return _of_charge(Outcome.SUCCEEDED, min(came_in, key=_order))
        waits = any(one.status == "processing" for one in seen.intents)
        if waits or any(one.status == "pending" for one in ours):
            return UNKNOWN
        if seen.invoice.status == "paid":
            return None
        page = _page_of(seen)
        for intent in seen.intents:
            if intent.status == "requires_action":
                return Answer(
                    Outcome.NEEDS_ACTION,
                    payment=id_of(told(intent, "latest_charge")) or intent.id,
                    code="authentication_required",
                    method=id_of(told(intent, "payment_method")),
                    action_url=page,
                )
        if not ours:
            return None
        first = min(ours, key=_order)
        if code_of(first) in CONFIRM:
            return _of_charge(Outcome.NEEDS_ACTION, first, page=page)
        return _of_charge(Outcome.DECLINED, first)


def _order(charge: Any) -> tuple[int, str]:
    return charge.created, charge.id


def _of_charge(outcome: Outcome, charge: Any, *, page: str = "") -> Answer:
    came_in = outcome == Outcome.SUCCEEDED
    return Answer(
        outcome,
        payment=charge.id,
        amount=amount_of(charge.amount, charge.currency) if came_in else None,
        happened_at=moment(charge.created),
        method=id_of(told(charge, "payment_method")),
        code="" if came_in else code_of(charge),
        message=str(told(charge, "failure_message") or "")[:MESSAGE_LENGTH],
        action_url=page,
    )


def outcome_asked(
    client: stripe.StripeClient, *, invoice: str, asked_at: dt.datetime
) -> Answer:
    """This will do as `charge_outcome`, with our own errors. UnableToReachGateway here
    means only that nothing could be read."""
    with asking():
        return charge_outcome(client, invoice=invoice, asked_at=asked_at)
