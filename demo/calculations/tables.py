"""The whole company as tables, and the tables as files."""

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from demo.calculations.answers import answer_rows
from demo.calculations.contracts import Terms, contracts_of, seats_by_day
from demo.calculations.customers import customers_drawn
from demo.calculations.deals import deals_of
from demo.calculations.documents import given_back_rows, line_rows, twice_rows
from demo.calculations.failing import newest_failed, tries_made
from demo.calculations.goodbyes import churn_rows
from demo.calculations.grid import grid_until
from demo.calculations.invoices import bills_numbered, invoice_rows
from demo.calculations.lives import history_of
from demo.calculations.people import contact_rows, people_of
from demo.calculations.portfolios import portfolios_dealt
from demo.calculations.rows import CustomerRow, RateRow, TaskRow, TruthRow
from demo.calculations.sold import Bought, part_rows, plan_rows, price_rows, rate_rows
from demo.calculations.spend import (
    campaign_of,
    campaign_rows,
    source_of,
    spend_rows,
)
from demo.calculations.subscriptions import subscription_rows
from demo.calculations.talks import interaction_rows
from demo.calculations.tickets import ticket_rows
from demo.calculations.todos import task_rows
from demo.calculations.truth import truth_of
from demo.calculations.usage import usage_rows
from demo.calculations.world import World
from demo.texts.places import COUNTRIES

SETTLED_DAYS, RENEWAL_DAYS = 365, 75
# How long people take to get going: the less they care, the longer.
SETUP_DAYS = {"good": 35, "ok": 60, "bad": 120}

Table = Sequence[NamedTuple]


class Demo(NamedTuple):
    """What the simulation made: the tables by name, the CSMs' open tasks, and rates."""

    tables: dict[str, Table]
    tasks: list[TaskRow]
    world: World
    rates: list[RateRow]


def world_of(seed: int, today: dt.date, months: int, count: int) -> World:
    """This will simulate the hidden part."""
    grid = grid_until(today, months)
    customers = customers_drawn(seed, grid, count)
    history = history_of(seed, grid, customers)
    return World(seed, grid, portfolios_dealt(seed, customers, history), history)


def demo_of(*, seed: int, today: dt.date, months: int, customers: int) -> Demo:
    """This will make the company and its truth.

    The same arguments give the same tables. 400 customers over 30 months take about
    three seconds.
    """
    world = world_of(seed, today, months, customers)
    contracts = contracts_of(world)
    people = people_of(world)
    tickets = ticket_rows(world, people)
    seats = [seats_by_day(terms, world.grid.days) for terms in contracts]
    tables: dict[str, Table] = {
        "campaigns": campaign_rows(world),
        "customers": customer_rows(world, contracts),
        "spend": spend_rows(world),
        "contacts": contact_rows(world, people),
        **money_tables(world, contracts),
        "usage": usage_rows(world, seats),
        "tickets": tickets,
        "interactions": interaction_rows(world, people),
        "survey_responses": answer_rows(world, people, tickets),
        "churn_events": churn_rows(world),
        "truth": truth_rows(world),
    }
    return Demo(tables, task_rows(world, contracts), world, rate_rows(world))


def money_tables(world: World, contracts: list[list[Terms]]) -> dict[str, Table]:
    """This will write what was sold, charged, paid and given back."""
    deals = deals_of(world, contracts)
    subscriptions, changes = subscription_rows(world, contracts, deals)
    bills, rng = bills_numbered(world, contracts, deals)
    newest_failed(world, bills)
    invoices, payments = invoice_rows(world, bills, deals, rng)
    payments = tries_made(world, bills, payments)
    again, whole = twice_rows(world, invoices)
    notes, refunds = given_back_rows(world, bills)
    bought = Bought(world, deals)
    return {
        "plans": plan_rows(),
        "prices": price_rows(world),
        "bundle_parts": part_rows(),
        "subscriptions": subscriptions,
        "subscription_changes": changes,
        "invoices": [*invoices, *again, *bought.invoices],
        "payments": [*payments, *bought.payments],
        "credit_notes": [*notes, *whole],
        "invoice_lines": [*line_rows(world, bills, deals), *bought.lines],
        "refunds": refunds,
        "purchases": bought.purchases,
    }


def customer_rows(world: World, contracts: list[list[Terms]]) -> list[CustomerRow]:
    """This will write the customers."""
    return [
        CustomerRow(
            customer_id=one.id,
            name=one.name,
            customer_since=world.grid.date(one.start).isoformat(),
            segment=one.segment,
            owner_email=one.owner,
            stage=stage_of(world, index, contracts[index][-1].renews),
            persona=one.persona,
            interests=";".join(one.interests),
            needs=one.needs,
            industry=one.industry,
            country=COUNTRIES[one.country].name,
            city=one.city,
            acquisition_source=source_of(one),
            acquisition_cost=one.cost,
            parent_id=one.parent,
            tags=";".join(one.tags),
            campaign=campaign_of(world, one),
        )
        for index, one in enumerate(world.customers)
    ]


def stage_of(world: World, index: int, renews: str | None) -> str:
    """This will return where a customer is in its life with us, today or when it left."""
    end = world.ends[index]
    limit = world.grid.date(end) + dt.timedelta(days=RENEWAL_DAYS)
    age = end - world.customers[index].start
    if age < SETUP_DAYS[world.mood(index, end - 1)]:
        return "onboarding"
    if renews is not None and renews <= limit.isoformat():
        return "renewal"
    return "adoption" if age < SETTLED_DAYS else "mature"


def truth_rows(world: World) -> list[TruthRow]:
    """This will write what nobody outside a simulation can know, of current customers."""
    chances = truth_of(world.seed, world.grid, world.history)
    return [
        TruthRow(one.id, round(float(chances[index]), 4))
        for index, one in enumerate(world.customers)
        if world.history.lives[index].left is None
    ]


def tables_written(tables: dict[str, Table], folder: Path) -> int:
    """This will write one file a table and return how many bytes they have.

    Empty tables are left out: without a row nobody knows the columns.
    """
    size = 0
    for name, rows in tables.items():
        if not rows:
            continue
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(rows[0]._fields)
            writer.writerows(rows)
        size += path.stat().st_size
    return size
