"""What stands on invoices, and what was given back of them."""

import numpy as np

from demo.calculations.contracts import subscription_id
from demo.calculations.deals import Deal
from demo.calculations.draws import pick, stream
from demo.calculations.invoices import Bill
from demo.calculations.rows import CreditNoteRow, InvoiceLineRow, InvoiceRow, RefundRow
from demo.calculations.subscriptions import add_on_id
from demo.calculations.world import World
from demo.texts.sold import ADD_ON, BUNDLE, CHARGEBACK, CREDIT_REASONS, TWICE

CREDITED, GIVEN_BACK, ISSUED_TWICE = 0.008, 0.5, 0.0015
CHARGED_BACK = 0.09


def line_rows(
    world: World, bills: list[Bill], deals: list[Deal]
) -> list[InvoiceLineRow]:
    """This will write the lines of the invoices: the plan, and the add-on beside it."""
    rows: list[InvoiceLineRow] = []
    for bill in bills:
        customer, deal = world.customers[bill.index], deals[bill.index]
        bundled = deal.bundle_from is not None and bill.day >= deal.bundle_from
        own = BUNDLE if bundled else customer.plan
        add_on_tax = round(bill.tax * bill.add_on / bill.total, 2)
        parts = [
            (
                bill.total - bill.add_on,
                bill.tax - add_on_tax,
                own,
                subscription_id(customer),
            )
        ]
        if bill.add_on:
            parts.append((bill.add_on, add_on_tax, ADD_ON, add_on_id(customer)))
        begins, ends = world.grid.date(bill.day), world.grid.date(bill.until)
        rows += [
            InvoiceLineRow(
                invoice_id=bill.key,
                number=number,
                kind="recurring",
                amount=f"{amount}.00",
                tax=f"{tax:.2f}",
                subscription_id=key,
                plan=plan,
                begins_on=begins.isoformat(),
                ends_on=ends.isoformat(),
                quantity=1,
            )
            for number, (amount, tax, plan, key) in enumerate(parts, 1)
        ]
    return rows


def given_back_rows(
    world: World, bills: list[Bill]
) -> tuple[list[CreditNoteRow], list[RefundRow]]:
    """This will write credit notes, refunds that go with them, and chargebacks.

    Chargebacks come after yearly renewals that somebody did not expect. Every invoice
    takes as many numbers from the stream.
    """
    rng = stream(world.seed, "given back")
    notes: list[CreditNoteRow] = []
    refunds: list[RefundRow] = []
    for bill in bills:
        dice = rng.random(6)
        if dice[0] < CREDITED:
            _credited(world, bill, dice, rng, notes, refunds)
        elif _renewal(world, bill) and dice[4] < CHARGED_BACK:
            _charged_back(world, bill, 15 + int(dice[5] * 40), refunds)
    return notes, refunds


def _credited(
    world: World,
    bill: Bill,
    dice: np.ndarray,
    rng: np.random.Generator,
    notes: list[CreditNoteRow],
    refunds: list[RefundRow],
) -> None:
    day = bill.day + 4 + int(dice[1] * 20)
    amount = round(bill.total * (0.08 + 0.22 * dice[2]))
    reason = pick(rng, CREDIT_REASONS)
    if day >= world.ends[bill.index]:
        return
    key = f"CN-{bill.key}"
    issued = world.grid.date(day).isoformat()
    notes.append(CreditNoteRow(key, bill.key, issued, f"{amount}.00", reason))
    back = None if bill.paid is None else max(day, bill.paid) + 2
    if dice[3] < GIVEN_BACK and back is not None:
        gross = amount + round(bill.tax * amount / bill.total, 2)
        _back(world, bill, "refund", back, gross, reason, refunds)


def _renewal(world: World, bill: Bill) -> bool:
    customer = world.customers[bill.index]
    return customer.yearly and bill.day > customer.start and bill.paid is not None


def _charged_back(
    world: World, bill: Bill, after: int, refunds: list[RefundRow]
) -> None:
    gross = bill.total + bill.tax
    day = (bill.paid or bill.day) + after
    _back(world, bill, "chargeback", day, gross, CHARGEBACK, refunds)


def _back(
    world: World,
    bill: Bill,
    kind: str,
    day: int,
    gross: float,
    reason: str,
    refunds: list[RefundRow],
) -> None:
    moment = world.moment(bill.index, day * 1440 + 660)
    if moment is None:
        return
    payment = f"{bill.key}/{len(bill.failed) + 1}"
    refunds.append(
        RefundRow(f"R-{bill.key}", payment, kind, moment, f"{gross:.2f}", reason)
    )


def twice_rows(
    world: World, invoices: list[InvoiceRow]
) -> tuple[list[InvoiceRow], list[CreditNoteRow]]:
    """This will issue a few invoices twice and credit the second one in full."""
    rng = stream(world.seed, "twice")
    chosen = rng.random(len(invoices)) < ISSUED_TWICE
    again = [
        row._replace(invoice_id=f"{row.invoice_id}-B", paid_on=None, mrr=None)
        for row, twice in zip(invoices, chosen, strict=True)
        if twice and row.paid_on
    ]
    notes = [
        CreditNoteRow(
            f"CN-{row.invoice_id}", row.invoice_id, row.issued_on, row.total, TWICE
        )
        for row in again
    ]
    return again, notes
