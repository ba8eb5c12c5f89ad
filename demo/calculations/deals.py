"""What single customers agreed on beside seats and a price."""

from dataclasses import dataclass, replace

from demo.calculations.contracts import HIGHEST, Terms, terms_on
from demo.calculations.draws import Floats, stream
from demo.calculations.world import World

EURO, POUND = "EUR", "GBP"
# Pounds to a euro on the price list; the rates of the days wander around it.
LIST_RATE = 0.86
WELCOME, WELCOME_SHARE = 0.09, 0.2
WELCOME_LEAST = 270
PAUSES, PAUSE_BILLS = 0.12, 2
BUNDLES, BUNDLE_FACTOR = 0.15, 1.12
ADD_ONS, ADD_ON_SEAT = 0.17, 6
TOLD_AHEAD = 0.6
BY_HAND = 0.12
NOTICE = {"Small business": 30, "Mid-market": 60, "Enterprise": 90}


@dataclass(frozen=True)
class Deal:
    """What holds for one customer. Days are None where there is no such thing."""

    currency: str = EURO
    welcome_until: int | None = None
    paused: tuple[int, int] | None = None
    bundle_from: int | None = None
    add_on_from: int | None = None
    told_on: int | None = None
    notice: int | None = None
    renews_itself: bool = True

    def pauses(self, day: int) -> bool:
        """This will say whether nothing runs, and nothing is billed, on a day."""
        return self.paused is not None and self.paused[0] <= day < self.paused[1]

    def list_mrr(self, terms: Terms, day: int) -> int:
        """This will return the monthly amount before discount, in the deal's currency."""
        euros = terms.mrr
        if self.bundle_from is not None and day >= self.bundle_from:
            euros = min(HIGHEST, round(euros * BUNDLE_FACTOR))
        return self.in_currency(euros)

    def in_currency(self, euros: int) -> int:
        """This will price an amount of the list, in whole units."""
        if self.currency == EURO:
            return euros
        return max(200, round(euros * LIST_RATE))

    def mrr(self, terms: Terms, day: int) -> int:
        """This will return the monthly amount that is paid on a day."""
        amount = self.list_mrr(terms, day)
        if self.welcomed(day):
            return round(amount * (1 - WELCOME_SHARE))
        return amount

    def welcomed(self, day: int) -> bool:
        """This will say whether the welcome discount holds on a day."""
        return self.welcome_until is not None and day < self.welcome_until

    def add_on(self, terms: Terms, day: int) -> int:
        """This will return what the add-on costs a month on a day; 0 without it."""
        if self.add_on_from is None or day < self.add_on_from:
            return 0
        return self.in_currency(max(40, ADD_ON_SEAT * terms.seats))


def deals_of(world: World, contracts: list[list[Terms]]) -> list[Deal]:
    """This will make the deals. Every customer takes as many numbers from the stream."""
    rng = stream(world.seed, "deals")
    return [
        _deal(world, index, terms, rng.random(9))
        for index, terms in enumerate(contracts)
    ]


def _deal(world: World, index: int, terms: list[Terms], dice: Floats) -> Deal:
    customer, life = world.customers[index], world.history.lives[index]
    end = world.ends[index]
    bills = [day for day in life.billed if day < end]
    currency = POUND if customer.country == "GB" else EURO
    monthly = not customer.yearly
    welcome = pause = bundle = add_on = told = None
    if monthly and dice[0] < WELCOME and terms[0].mrr >= WELCOME_LEAST:
        last = end if life.left is not None else life.billed[-1] + 1
        welcome = _nth(life.billed, 3 if dice[1] < 0.5 else 6, last)
    if monthly and dice[2] < PAUSES:
        pause = _pause(bills, life.dunnings, after=welcome or 0, at=float(dice[3]))
    if customer.plan == "Team" and dice[4] < BUNDLES:
        bundle = _some(bills, float(dice[5]))
    elif dice[6] < ADD_ONS:
        add_on = _some(bills, float(dice[5]))
    if life.left is not None and not life.unpaid and dice[7] < TOLD_AHEAD:
        span = (30, 80) if customer.yearly else (8, 25)
        told = max(
            customer.start + 1, end - round(span[0] + dice[8] * (span[1] - span[0]))
        )
    return Deal(
        currency=currency,
        welcome_until=welcome,
        paused=pause,
        bundle_from=bundle,
        add_on_from=add_on,
        told_on=told,
        notice=NOTICE[customer.segment] if customer.yearly else 14,
        renews_itself=monthly or bool(dice[1] >= BY_HAND),
    )


def _nth(days: list[int], number: int, end: int) -> int | None:
    """This will return the day of a bill, unless somebody left before it."""
    day = days[number] if number < len(days) else None
    return day if day is not None and day < end else None


def _some(bills: list[int], at: float) -> int | None:
    """This will choose the day of a bill after the first one."""
    return bills[1 + int(at * (len(bills) - 1))] if len(bills) > 1 else None


def _pause(
    bills: list[int], dunnings: list[int], *, after: int, at: float
) -> tuple[int, int] | None:
    """This will choose two bills that are left out, where nothing else is going on."""
    free = [
        (bills[place], bills[place + PAUSE_BILLS])
        for place in range(4, len(bills) - PAUSE_BILLS)
        if bills[place] > after
        and not any(
            bills[place] - 40 <= day <= bills[place + PAUSE_BILLS] for day in dunnings
        )
    ]
    return free[int(at * len(free))] if free else None


@dataclass(frozen=True)
class Line:
    """What a contract says from a day on."""

    day: int
    terms: Terms
    mrr: int
    list_mrr: int
    paused: bool
    bundled: bool
    action: str


def lines_of(terms: list[Terms], deal: Deal, end: int) -> list[Line]:
    """This will tell a contract with its deal day by day, the start first."""
    days = {one.day for one in terms}
    days |= {day for day in (deal.welcome_until, deal.bundle_from) if day is not None}
    days |= set(deal.paused or ())
    made: list[Line] = []
    for day in sorted(day for day in days if day < end):
        held = terms_on(terms, day)
        line = Line(
            day=day,
            terms=held,
            mrr=0 if deal.pauses(day) else deal.mrr(held, day),
            list_mrr=deal.list_mrr(held, day),
            paused=deal.pauses(day),
            bundled=deal.bundle_from is not None and day >= deal.bundle_from,
            action="",
        )
        made.append(_named(line, made[-1] if made else None, deal))
    return made


def _named(line: Line, before: Line | None, deal: Deal) -> Line:
    """This will say what was done that a line came of."""
    action = ""
    if before is None:
        return line
    if line.paused != before.paused:
        action = "paused" if line.paused else "resumed"
    elif line.day == deal.welcome_until:
        action = "discount_ended"
    elif line.bundled != before.bundled:
        action = "upgraded"
    elif line.terms.seats != before.terms.seats:
        action = "quantity"
    elif line.list_mrr != before.list_mrr:
        action = "price_moved"
    return replace(line, action=action)
