"""Payments that failed of late, and those that were left alone to see what comes by itself."""

import zlib

from demo.calculations.draws import pick, stream
from demo.calculations.invoices import Bill
from demo.calculations.rows import PaymentRow
from demo.calculations.world import World

CONFIRM = "Confirmation needed"
# What is being collected today: how many days ago it failed first, and why.
NEWEST = (
    (2, "Insufficient funds"),
    (6, "Card declined"),
    (4, "Card expired"),
    (1, "Card reported lost"),
    (5, "Insufficient funds"),
    (3, CONFIRM),
    (8, "Insufficient funds"),
)
# A card that cannot work again is not tried again; before, the gateway tried all of them.
HARD = frozenset({"Card expired", "Card reported lost", "Account closed"})
COLLECTED_DAYS = 365
ONE_IN = 7


def left_alone(invoice: str) -> bool:
    """This will draw whether a failed payment of the last year was left alone."""
    return zlib.crc32(f"out{invoice}".encode()) % ONE_IN == 0


def newest_failed(world: World, bills: list[Bill]) -> None:
    """This will let some of the newest card payments fail instead, of customers who stay."""
    rng = stream(world.seed, "failing")
    used: set[int] = set()
    for age, reason in NEWEST:
        there = [
            bill
            for bill in bills
            if bill.day in range(world.grid.days - age - 1, world.grid.days - age + 1)
            and _may_fail(world, bill)
            and bill.index not in used
        ]
        if not there:
            continue
        bill = pick(rng, there)
        used.add(bill.index)
        bill.failed, bill.paid = [(bill.day, reason)], None


def _may_fail(world: World, bill: Bill) -> bool:
    card = world.customers[bill.index].card
    stays = world.history.lives[bill.index].left is None
    return card and stays and bill.paid == bill.day and bill.day < world.grid.days


def tries_made(
    world: World, bills: list[Bill], payments: list[PaymentRow]
) -> list[PaymentRow]:
    """This will leave out the tries that nobody made in the last year.

    Of a hard decline, and of what was left alone, there is the first and what came in.
    """
    first_day = world.grid.days - COLLECTED_DAYS
    alone = {
        bill.key
        for bill in bills
        if bill.day >= first_day
        and bill.failed
        and (left_alone(bill.key) or bill.failed[0][1] in HARD)
    }
    return [
        row
        for row in payments
        if row.invoice_id not in alone
        or row.state == "succeeded"
        or row.payment_id.endswith("/1")
    ]
