"""What customers were asked to pay, and how they paid."""

from dataclasses import dataclass, field

import numpy as np

from demo.calculations.contracts import Terms, subscription_id, terms_on
from demo.calculations.deals import Deal
from demo.calculations.draws import pick, stream
from demo.calculations.grid import months_later
from demo.calculations.rates import DUNNING_WEEKS
from demo.calculations.rows import InvoiceRow, PaymentRow
from demo.calculations.world import World

RETRIES = (0, 3, 8, 17, 25)
CARD_TROUBLE = (
    "Card expired",
    "Insufficient funds",
    "Card declined",
    "Card reported lost",
)
DEBIT_TROUBLE = ("Insufficient funds", "Account closed")
STUMBLES = 0.025
# At home; elsewhere the customer pays it to its own country.
TAX = {"DE": 0.19}


@dataclass
class Bill:
    """An invoice and the tries to collect it, before it gets a number."""

    index: int
    day: int
    due: int
    mrr: int
    total: int
    paid: int | None = None
    # What of the total the add-on costs, and the day before which all of it pays.
    add_on: int = 0
    until: int = 0
    tax: float = 0.0
    key: str = ""
    failed: list[tuple[int, str]] = field(default_factory=list)


def bills_of(
    world: World,
    index: int,
    terms: list[Terms],
    deal: Deal,
    rng: np.random.Generator,
) -> list[Bill]:
    """This will return a customer's invoices up to yesterday; none in a pause."""
    customer, life = world.customers[index], world.history.lives[index]
    bills = []
    for place, day in enumerate(life.billed):
        if day >= world.ends[index]:
            break
        held, months = terms_on(terms, day), 12 if customer.yearly else 1
        mrr, add_on = deal.mrr(held, day), deal.add_on(held, day) * months
        due = day + (0 if customer.card else 30 if customer.yearly else 14)
        bill = Bill(index, day, due, mrr, mrr * months + add_on)
        first = world.grid.date(customer.start)
        next_one = world.grid.day(months_later(first, months * (place + 1)))
        bill.add_on, bill.until = add_on, next_one
        bill.tax = round(bill.total * TAX.get(customer.country, 0.0), 2)
        # Chance is asked for every bill, so that a pause moves nobody else's.
        if customer.card:
            _by_card(world, bill, rng)
        else:
            _by_transfer(world, bill, rng)
        if not deal.pauses(day):
            bills.append(bill)
    return bills


def _by_card(world: World, bill: Bill, rng: np.random.Generator) -> None:
    life, z = world.history.lives[bill.index], world.history.z(bill.index, bill.day)
    if bill.day in life.dunnings:
        reason = pick(rng, CARD_TROUBLE)
        lost = life.unpaid and bill.day == life.dunnings[-1]
        # A dunning that the customer survived ended with money on one of its last days.
        rescue = DUNNING_WEEKS * 7 - int(rng.integers(7, 16))
        bill.failed = [
            (bill.day + after, reason) for after in RETRIES if lost or after < rescue
        ]
        bill.paid = None if lost else bill.day + rescue
    elif rng.random() < STUMBLES * np.exp(-0.8 * z):
        bill.failed = [(bill.day, pick(rng, DEBIT_TROUBLE))]
        bill.paid = bill.day + 3
    else:
        bill.paid = bill.day


def _by_transfer(world: World, bill: Bill, rng: np.random.Generator) -> None:
    """This will pay by bank transfer: the worse the mood, the later."""
    z = world.history.z(bill.index, bill.day)
    late = round(float(np.exp(rng.normal(1.75 - 0.75 * z, 0.7)))) - 7
    bill.paid = max(bill.day + 1, bill.due + min(late, 80))


def bills_numbered(
    world: World, contracts: list[list[Terms]], deals: list[Deal]
) -> tuple[list[Bill], np.random.Generator]:
    """This will return all invoices, numbered by year in the order of their days.

    The stream comes along: the minutes of the payments are drawn from it next.
    """
    rng = stream(world.seed, "invoices")
    bills = [
        bill
        for index, terms in enumerate(contracts)
        for bill in bills_of(world, index, terms, deals[index], rng)
    ]
    bills.sort(key=lambda one: (one.day, one.index))
    counts: dict[int, int] = {}
    for bill in bills:
        year = world.grid.date(bill.day).year
        counts[year] = counts.get(year, 0) + 1
        bill.key = f"{year}-{counts[year]:05}"
    return bills, rng


def invoice_rows(
    world: World, bills: list[Bill], deals: list[Deal], rng: np.random.Generator
) -> tuple[list[InvoiceRow], list[PaymentRow]]:
    """This will write invoices and the tries to collect them."""
    invoices: list[InvoiceRow] = []
    payments: list[PaymentRow] = []
    for bill in bills:
        customer, currency = world.customers[bill.index], deals[bill.index].currency
        invoices.append(
            InvoiceRow(
                invoice_id=bill.key,
                customer_id=customer.id,
                issued_on=world.grid.date(bill.day).isoformat(),
                total=f"{bill.total}.00",
                subscription_id=subscription_id(customer),
                due_on=world.grid.date(bill.due).isoformat(),
                paid_on=world.date(bill.paid),
                mrr=f"{bill.mrr}.00",
                currency=currency,
                tax=f"{bill.tax:.2f}",
            )
        )
        payments += _tries(world, bill, currency, rng)
    return invoices, payments


def _tries(
    world: World, bill: Bill, currency: str, rng: np.random.Generator
) -> list[PaymentRow]:
    tries = [(day, "failed", reason) for day, reason in bill.failed]
    if bill.paid is not None:
        tries.append((bill.paid, "succeeded", ""))
    rows = []
    for number, (day, state, reason) in enumerate(tries, 1):
        moment = world.moment(bill.index, day * 1440 + int(rng.integers(180, 600)))
        # A try after the last day has not been made yet.
        if moment is None:
            continue
        rows.append(
            PaymentRow(
                f"{bill.key}/{number}",
                bill.key,
                moment,
                state,
                f"{bill.total + bill.tax:.2f}",
                currency,
                reason,
            )
        )
    return rows
