"""Invoices and their cases as they stand at a moment, for the rules to decide about.

For any number of cases about a dozen queries. Who acts on a snapshot holds the invoice's
lock while it is read.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from accounts.models import Company
from accounts.selectors import company as the_company
from billing.calculations.dunning.situation import (
    Attempt,
    InvoiceState,
    Method,
    Snapshot,
)
from billing.calculations.owing import Sums
from billing.enums import Collection
from billing.models import (
    DunningAction,
    DunningCase,
    DunningVersion,
    Invoice,
    InvoiceLine,
    PaymentAttempt,
    PaymentMethod,
    Subscription,
)
from billing.selectors.dunning.policies import Rates, converted
from billing.selectors.invoices import invoice_sums
from billing.selectors.people import payers
from common.dates import day_end, first_zone, local_day
from customers.models import Contact

A_MOMENT = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a snapshot is wanted of. `key` is what the caller knows it by."""

    key: int
    invoice_id: int
    case: DunningCase | None
    # Without a case: when it failed first; empty for transfers, whose due day counts.
    failed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done or skipped."""

    step: str
    at: dt.datetime
    skipped: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was read, by invoice or customer."""

    company: Company
    rates: Rates
    sums: Mapping[int, Sums]
    attempts: Mapping[int, Sequence[PaymentAttempt]]
    methods: Mapping[tuple[int, int], PaymentMethod]
    done: Mapping[int, Sequence[Done]]
    subscriptions: Mapping[int, Sequence[Subscription]]
    # Versions whose policy is switched off.
    off: frozenset[int]
    payers: Mapping[int, Contact]

    def zone(self, customer_id: int) -> ZoneInfo:
        """This will return the zone of whoever pays, else the company's."""
        payer = self.payers.get(customer_id)
        return first_zone(payer.time_zone if payer else "", self.company.time_zone)


def snapshots_of(cases: Iterable[DunningCase], now: dt.datetime) -> dict[int, Snapshot]:
    """This will read how cases stand, by the id of the case. At most 13 queries."""
    asked = [_Asked(case.pk, case.invoice_id, case) for case in cases]
    return _read(asked, now)


def snapshots_of_invoices(
    failed: Mapping[int, dt.datetime | None], now: dt.datetime
) -> dict[int, Snapshot]:
    """This will read how invoices without a case stand, by the id of the invoice.

    `failed` tells when collecting each failed first; None for transfers.
    """
    asked = [_Asked(pk, pk, None, at) for pk, at in failed.items()]
    return _read(asked, now)


def _read(asked: Sequence[_Asked], now: dt.datetime) -> dict[int, Snapshot]:
    ids = [one.invoice_id for one in asked]
    rows = Invoice.objects.filter(pk__in=ids).select_related("gateway")
    invoices = {invoice.pk: invoice for invoice in rows}
    facts = _facts(invoices, [one.case for one in asked if one.case])
    return {
        one.key: _snapshot(one, invoices[one.invoice_id], facts, now)
        for one in asked
        if one.invoice_id in invoices
    }


def _facts(invoices: Mapping[int, Invoice], cases: Sequence[DunningCase]) -> Facts:
    rows = invoices.values()
    customers = {invoice.customer_id for invoice in rows}
    company = the_company()
    return Facts(
        company=company,
        rates=Rates({invoice.currency for invoice in rows}, company),
        sums=invoice_sums(rows),
        attempts=_attempts(invoices),
        methods=_methods(customers),
        done=_done([case.pk for case in cases]),
        subscriptions=subscriptions_of(invoices),
        off=_off({case.version_id for case in cases}),
        payers=payers(customers),
    )


def _attempts(invoices: Mapping[int, Invoice]) -> dict[int, list[PaymentAttempt]]:
    found: dict[int, list[PaymentAttempt]] = defaultdict(list)
    rows = PaymentAttempt.objects.filter(invoice__in=invoices.keys())
    for row in rows.order_by("invoice_id", "number"):
        found[row.invoice_id].append(row)
    return found


def _methods(customers: Iterable[int]) -> dict[tuple[int, int], PaymentMethod]:
    rows = PaymentMethod.objects.filter(
        customer__in=customers, is_default=True, removed_at__isnull=True
    )
    return {
        (row.customer_id, row.account_id): row
        for row in rows.order_by("pk")
        if row.account_id is not None
    }


def _done(cases: Sequence[int]) -> dict[int, list[Done]]:
    found: dict[int, list[Done]] = defaultdict(list)
    rows = DunningAction.objects.filter(case__in=cases).order_by("pk")
    told = rows.values_list("case_id", "step", "done_at", "skipped", "reason")
    for case_id, step, at, skipped, reason in told:
        found[case_id].append(Done(step, at, skipped, reason))
    return found


def _off(versions: Iterable[int]) -> frozenset[int]:
    rows = DunningVersion.objects.filter(pk__in=versions, policy__is_on=False)
    return frozenset(rows.values_list("pk", flat=True))


def subscriptions_of(
    invoices: Mapping[int, Invoice],
) -> dict[int, list[Subscription]]:
    """This will find what each invoice charges for, by its id. Two queries."""
    named: dict[int, set[int]] = defaultdict(set)
    for invoice in invoices.values():
        if invoice.subscription_id is not None:
            named[invoice.pk].add(invoice.subscription_id)
    lines = InvoiceLine.objects.filter(
        invoice__in=invoices.keys(), subscription__isnull=False
    )
    pairs = lines.order_by("invoice_id").values_list("invoice_id", "subscription_id")
    for invoice_id, subscription_id in pairs.distinct():
        named[invoice_id].add(subscription_id)
    ids = {pk for those in named.values() for pk in those}
    rows = {row.pk: row for row in Subscription.objects.filter(pk__in=ids)}
    return {
        invoice_id: [rows[pk] for pk in sorted(those)]
        for invoice_id, those in named.items()
    }


def _snapshot(
    one: _Asked, invoice: Invoice, facts: Facts, now: dt.datetime
) -> Snapshot:
    case, sums = one.case, facts.sums[invoice.pk]
    zone = facts.zone(invoice.customer_id)
    subscriptions = facts.subscriptions.get(invoice.pk, ())
    account = invoice.gateway
    ours = account is not None and account.is_on and account.collects
    charged = invoice.collection == Collection.CHARGE
    attempts = facts.attempts.get(invoice.pk, ())
    first = case.method_id if case else _first_method(attempts)
    done = facts.done.get(case.pk, ()) if case else ()
    ended = _ended(subscriptions, facts, now)
    return Snapshot(
        invoice=invoice_state(sums),
        collection="charge" if charged else "transfer",
        owing=sums.owing,
        owing_converted=converted(invoice, sums.owing, facts.rates),
        began_at=case.began_at if case else began_at(invoice, one.failed_at, zone),
        zone=zone,
        attempts=tuple(_attempt(row) for row in attempts),
        method=_method(
            facts.methods.get((invoice.customer_id, invoice.gateway_id or 0))
        ),
        first_method=str(first or ""),
        done=tuple((one.step, one.at) for one in done),
        subscription_ended=ended,
        held_out=case.held_out if case else False,
        waits_until=case.waits_until if case else None,
        may_charge=ours,
        has_address=invoice.customer_id in facts.payers,
        has_subscription=bool(subscriptions),
        skipped=frozenset(one.step for one in done if one.skipped),
        looks_on=(charged and not ours)
        or (case is not None and case.version_id in facts.off),
        ended_unpaid=ended and _unpaid(done, charged=charged, ours=ours),
    )


def _ended(
    subscriptions: Sequence[Subscription], facts: Facts, now: dt.datetime
) -> bool:
    """This will tell whether everything that an invoice charges for has ended."""
    today = local_day(now, first_zone(facts.company.time_zone))
    ends = [row.ended_on for row in subscriptions]
    return bool(ends) and all(end is not None and end <= today for end in ends)


def _unpaid(done: Sequence[Done], *, charged: bool, ours: bool) -> bool:
    """This will tell whether it ended because nothing was paid.

    By our own final action; or at a gateway that collects by its own rules, which end a
    subscription when they give up.
    """
    final = any(one.reason == "final_cancel" and not one.skipped for one in done)
    return final or (charged and not ours)


def invoice_state(sums: Sums) -> InvoiceState:
    """This will say what an invoice is: open, paid, or credited in full and so void.

    What is paid can be open again: a chargeback took the money back.
    """
    if sums.owing > 0:
        return "open"
    nothing_came = sums.paid - sums.refunded - sums.charged_back <= 0
    return "void" if sums.credited >= sums.total and nothing_came else "paid"


def began_at(
    invoice: Invoice, failed_at: dt.datetime | None, zone: ZoneInfo
) -> dt.datetime:
    """This will return when collecting failed: at the end of the due day for transfers.

    That is the last moment of that day where the customer sits, so that day 0 is the due
    day there.
    """
    if failed_at is not None:
        return failed_at
    return (day_end(invoice.due_on, zone) - A_MOMENT).astimezone(dt.UTC)


def _first_method(attempts: Sequence[PaymentAttempt]) -> int | None:
    return attempts[0].method_id if attempts else None


def _attempt(row: PaymentAttempt) -> Attempt:
    return Attempt(
        number=row.number,
        state=row.state,  # type: ignore[arg-type]
        # A method that changed while the answer was out was not the one that was tried.
        at=row.asked_at or row.answered_at or row.planned_at,
        method=str(row.method_id or ""),
        group=row.decline_group,  # type: ignore[arg-type]
        code=row.decline_code,
        cause=row.cause,
    )


def _method(row: PaymentMethod | None) -> Method | None:
    if row is None:
        return None
    return Method(id=str(row.pk), changed_at=row.changed_at, expires_on=row.expires_on)
