"""What brought the money in. The order of the rules and their reasons: docs/dunning.md."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Cause = Literal["retry", "method", "mail", "person", "itself"]
# How long before the payment somebody, or a mail, may have moved the customer to pay.
PERSON_DAYS = dt.timedelta(days=7)
MAIL_DAYS = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Payment:
    """How an invoice was paid that had failed before.

    `attempt` is the cause of the try that brought it ("" if none did), `method` what it was
    paid with and `method_changed_at` since when that is as it is; "" and None where it is
    not known. `own_hand`: the customer did it, on a page or by transfer. `recorded`: a
    person noted it.
    """

    paid_at: dt.datetime
    attempt: Literal["schedule", "method_changed", "person", "gateway", ""] = ""
    method: str = ""
    method_changed_at: dt.datetime | None = None
    own_hand: bool = False
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """What went before: the first failure, what it failed with, and who did what since.

    `written` are the moments at which mails and letters left, `touched` those at which a
    person logged a contact or finished the case's task.
    """

    began_at: dt.datetime
    collection: Literal["charge", "transfer"]
    first_method: str = ""
    written: tuple[dt.datetime, ...] = ()
    touched: tuple[dt.datetime, ...] = ()


def cause_of(payment: Payment, before: Before) -> Cause:
    """This will say what brought a payment, by the first rule that fits."""
    if _by_new_method(payment, before):
        return "method"
    if payment.attempt == "schedule":
        return "retry"
    if _by_person(payment, before):
        return "person"
    if _by_hand(payment, before) and _within(before.written, payment, MAIL_DAYS):
        return "mail"
    return "itself"


def _by_new_method(payment: Payment, before: Before) -> bool:
    if payment.attempt == "method_changed":
        return True
    known = bool(payment.method and before.first_method)
    if known and payment.method != before.first_method:
        return True
    changed = payment.method_changed_at
    return changed is not None and before.began_at < changed <= payment.paid_at


def _by_person(payment: Payment, before: Before) -> bool:
    """What is noted of a transfer is bookkeeping: it says nothing of who asked for it."""
    noted = payment.recorded and before.collection == "charge"
    touched = _within(before.touched, payment, PERSON_DAYS)
    return payment.attempt == "person" or noted or touched


def _by_hand(payment: Payment, before: Before) -> bool:
    return payment.own_hand or (payment.recorded and before.collection == "transfer")


def _within(
    moments: Iterable[dt.datetime], payment: Payment, span: dt.timedelta
) -> bool:
    first = payment.paid_at - span
    return any(first <= moment <= payment.paid_at for moment in moments)
