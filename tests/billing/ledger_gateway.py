"""A gateway in this process, with a ledger of its own: what money really moved.

It honours keys, loses answers when it is told to, and says what became of a charge. What
the tests check in the end is this ledger, and not what we wrote down.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar

from billing.enums import Collection, GatewayKind, ObjectKind
from billing.gateways.base import (
    Answer,
    Gateway,
    Outcome,
    UnableToReachGateway,
)
from billing.gateways.objects import Hint, Remote, RemoteInvoice, RemotePayment

CODES = {"soft": "insufficient_funds", "hard": "stolen_card", "old": "expired_card"}


class Killed(BaseException):
    """The process dies right here: nothing after it happens, nobody cleans up."""


@dataclass(frozen=True)
class Entry:
    """A try as the gateway keeps it; money moved where it succeeded."""

    number: str
    invoice: str
    key: str
    method: str
    amount: Decimal
    state: str
    at: dt.datetime
    code: str = ""

    def remote(self) -> RemotePayment:
        """This will tell it the way a webhook has us read it."""
        return RemotePayment(
            external_id=self.number,
            invoice=self.invoice,
            state={"declined": "failed"}.get(self.state, self.state),
            amount=self.amount,
            currency="EUR",
            happened_at=self.at,
            method=self.method,
            decline_code=self.code,
            action_url="https://pay.example.org/x"
            if self.state == "needs_action"
            else "",
        )


@dataclass
class Ledger:
    """What stands at the gateway, and what it is to do with the next charge.

    `look` is asked at the very moment at which money would move, and says what speaks
    against it. That is kept in `wrong`: whoever charges catches whatever is raised.
    """

    look: Callable[[str, Decimal], str]
    now: dt.datetime
    fate: str = "ok"
    entries: list[Entry] = field(default_factory=list)
    answers: dict[str, tuple[tuple[str, str, Decimal], Answer]] = field(
        default_factory=dict
    )
    stopped: list[tuple[str, str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    # What each invoice is over, less what was credited there or paid otherwise.
    totals: dict[str, Decimal] = field(default_factory=dict)

    # The numbers of what was booked to its invoice: until then it looks open.
    booked: set[str] = field(default_factory=set)

    def owing(self, invoice: str) -> Decimal:
        """This will return what is open there: that is what a charge collects.

        What was just charged is booked late, so that nothing but the key keeps it from
        being charged again.
        """
        good = (one for one in self.entries if one.state == "succeeded")
        came = sum(
            (
                one.amount
                for one in good
                if one.invoice == invoice and one.number in self.booked
            ),
            Decimal(0),
        )
        return max(self.totals[invoice] - came, Decimal(0))

    def paid(self, invoice: str) -> Decimal:
        """This will sum the money that came in for an invoice."""
        good = (one for one in self.entries if one.state == "succeeded")
        return sum((one.amount for one in good if one.invoice == invoice), Decimal(0))

    def enter(self, **values: object) -> Entry:
        """This will keep a try; its number is the next one."""
        number = f"ch_{len(self.entries) + 1}"
        entry = Entry(number=number, at=self.now, **values)  # type: ignore[arg-type]
        self.entries.append(entry)
        return entry


class LedgerGateway(Gateway):
    """Speaks with the one ledger there is."""

    kind = GatewayKind.STRIPE
    charges = asks = True
    ledger: ClassVar[Ledger]

    def hint(
        self, body: bytes, headers: Mapping[str, str], *, now: dt.datetime
    ) -> Hint:
        raise NotImplementedError

    def fetch(self, kind: ObjectKind, external_id: str) -> Remote:
        assert kind == ObjectKind.INVOICE
        if self.ledger.fate == "unreachable":
            msg = "Nobody is there."
            raise UnableToReachGateway(msg)
        owing = self.ledger.owing(external_id)
        return RemoteInvoice(
            external_id=external_id,
            number=external_id,
            customer="cus_1",
            subscription="",
            currency="EUR",
            total=self.ledger.totals[external_id],
            tax=Decimal(0),
            owing=owing,
            state="open" if owing else "paid",
            collection=Collection.CHARGE,
            issued_at=self.ledger.now,
            due_at=None,
        )

    def charge(
        self, *, invoice: str, method: str, amount: Decimal, currency: str, key: str
    ) -> Answer:
        book, fate = self.ledger, self.ledger.fate
        if fate == "killed_before":
            raise Killed
        if fate == "lost_before":
            return Answer(Outcome.UNKNOWN)
        if key not in book.answers:
            answer = self._charged(invoice, method, amount, key)
            book.answers[key] = ((invoice, method, amount), answer)
        asked, answer = book.answers[key]
        if asked != (invoice, method, amount):
            book.wrong.append("one key, two questions")
        if fate == "killed_after":
            raise Killed
        return Answer(Outcome.UNKNOWN) if fate == "lost_after" else answer

    def _charged(self, invoice: str, method: str, amount: Decimal, key: str) -> Answer:
        book = self.ledger
        amount = book.owing(invoice)
        if not amount:
            return Answer(Outcome.NOT_MADE, code="invoice_paid")
        if against := book.look(invoice, amount):
            book.wrong.append(against)
        state = {
            "soft": "declined",
            "hard": "declined",
            "old": "declined",
            "action": "needs_action",
        }.get(book.fate, "succeeded")
        entry = book.enter(
            invoice=invoice,
            key=key,
            method=method,
            amount=amount,
            state=state,
            code=CODES.get(book.fate, ""),
        )
        return Answer(
            Outcome(state),
            payment=entry.number,
            amount=amount,
            happened_at=entry.at,
            method=method,
            code=entry.code,
            action_url=entry.remote().action_url,
        )

    def outcome(
        self, *, invoice: str, key: str, amount: Decimal, asked_at: dt.datetime
    ) -> Answer:
        if key in self.ledger.answers:
            return self.ledger.answers[key][1]
        return Answer(Outcome.NOT_MADE)

    def subscription_pause(self, *, subscription: str, key: str) -> None:
        self._stop(subscription, "paused", key)

    def subscription_end(self, *, subscription: str, key: str) -> None:
        self._stop(subscription, "ended", key)

    def _stop(self, subscription: str, how: str, key: str) -> None:
        if self.ledger.fate == "unreachable":
            msg = "Nobody is there."
            raise UnableToReachGateway(msg)
        self.ledger.stopped.append((subscription, how, key))
        if self.ledger.fate == "killed_after":
            raise Killed
