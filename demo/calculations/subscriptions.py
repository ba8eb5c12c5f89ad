"""Contracts as they are written: how each began, and every change."""

from demo.calculations.contracts import Terms, subscription_id, terms_on
from demo.calculations.customers import YEARLY_DISCOUNT, Customer
from demo.calculations.deals import WELCOME_SHARE, Deal, Line, lines_of
from demo.calculations.rows import ChangeRow, SubscriptionRow
from demo.calculations.world import World
from demo.texts.sold import ADD_ON, BUNDLE


def add_on_id(customer: Customer) -> str:
    """This will return the id of a customer's add-on, if it has one."""
    return f"{subscription_id(customer)}-T"


def subscription_rows(
    world: World, contracts: list[list[Terms]], deals: list[Deal]
) -> tuple[list[SubscriptionRow], list[ChangeRow]]:
    """This will write the contracts, and the add-ons that belong to them."""
    starts: list[SubscriptionRow] = []
    changes: list[ChangeRow] = []
    for index, (terms, deal) in enumerate(zip(contracts, deals, strict=True)):
        customer = world.customers[index]
        lines = lines_of(terms, deal, world.ends[index])
        starts.append(_start(world, index, lines[0], deal))
        changes += [_change(world, customer, line, deal) for line in lines[1:]]
        if deal.add_on_from is not None:
            own = _add_on(world, index, terms, deal)
            starts.append(own)
            changes += _add_on_changes(world, index, terms, deal)
    return starts, changes


def _start(world: World, index: int, line: Line, deal: Deal) -> SubscriptionRow:
    customer = world.customers[index]
    welcome = deal.welcomed(line.day)
    return SubscriptionRow(
        subscription_id=subscription_id(customer),
        customer_id=customer.id,
        started_on=world.grid.date(line.day).isoformat(),
        plan=customer.plan,
        ended_on=world.date(world.history.lives[index].left),
        mrr=f"{line.mrr}.00",
        currency=deal.currency,
        seats=line.terms.seats,
        interval_months=12 if customer.yearly else 1,
        renews_on=line.terms.renews,
        is_trial="false",
        discount_percent=_percent(customer, welcome=welcome),
        list_mrr=f"{line.list_mrr}.00" if welcome else None,
        # Also one that is still to come: it is agreed.
        discount_until=_day(world, deal.welcome_until),
        notice_days=deal.notice,
        auto_renews=str(deal.renews_itself).lower(),
        parent_subscription_id=None,
        ended_recorded_at=world.date(deal.told_on),
    )


def _day(world: World, day: int | None) -> str | None:
    return None if day is None else world.grid.date(day).isoformat()


def _percent(customer: Customer, *, welcome: bool) -> int:
    share = WELCOME_SHARE if welcome else YEARLY_DISCOUNT * customer.yearly
    return round(share * 100)


def _change(world: World, customer: Customer, line: Line, deal: Deal) -> ChangeRow:
    welcome = deal.welcomed(line.day)
    return ChangeRow(
        subscription_id(customer),
        world.grid.date(line.day).isoformat(),
        f"{line.mrr}.00",
        line.terms.seats,
        line.terms.renews,
        f"{line.list_mrr}.00" if welcome or line.paused else None,
        _percent(customer, welcome=welcome),
        "paused" if line.paused else "active",
        line.action,
        BUNDLE if line.bundled else customer.plan,
    )


def _add_on(
    world: World, index: int, terms: list[Terms], deal: Deal
) -> SubscriptionRow:
    customer, day = world.customers[index], deal.add_on_from or 0
    held = terms_on(terms, day)
    return SubscriptionRow(
        subscription_id=add_on_id(customer),
        customer_id=customer.id,
        started_on=world.grid.date(day).isoformat(),
        plan=ADD_ON,
        ended_on=world.date(world.history.lives[index].left),
        mrr=f"{deal.add_on(held, day)}.00",
        currency=deal.currency,
        # Those who use it are the seats of the plan.
        seats=0,
        interval_months=12 if customer.yearly else 1,
        renews_on=held.renews,
        is_trial="false",
        discount_percent=0,
        list_mrr=None,
        discount_until=None,
        notice_days=deal.notice,
        auto_renews="true",
        parent_subscription_id=subscription_id(customer),
        ended_recorded_at=world.date(deal.told_on),
    )


def _add_on_changes(
    world: World, index: int, terms: list[Terms], deal: Deal
) -> list[ChangeRow]:
    """This will let the add-on follow the seats, and pause with its plan."""
    customer, rows = world.customers[index], []
    days = {one.day for one in terms} | set(deal.paused or ())
    before = deal.add_on(terms_on(terms, deal.add_on_from or 0), deal.add_on_from or 0)
    state = "active"
    for day in sorted(days):
        if not (deal.add_on_from or 0) < day < world.ends[index]:
            continue
        held = terms_on(terms, day)
        amount, now = deal.add_on(held, day), "paused" if deal.pauses(day) else "active"
        if (amount, now) == (before, state):
            continue
        action = (
            "quantity" if now == state else "paused" if now == "paused" else "resumed"
        )
        rows.append(
            ChangeRow(
                add_on_id(customer),
                world.grid.date(day).isoformat(),
                "0.00" if now == "paused" else f"{amount}.00",
                0,
                held.renews,
                f"{amount}.00" if now == "paused" else None,
                0,
                now,
                action,
                ADD_ON,
            )
        )
        before, state = amount, now
    return rows
