"""The ledger, the slow way: every subscription asked on every day what it is worth."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from billing.calculations.conventions import Conventions
from tests.billing.calculations.logs import EPOCH, Line

DAY = 86_400
FOREVER = 10**6
Row = tuple[int, int, int, int, int, int, int]  # as the columns of Movements
Span = tuple[int, int]
# (day, moment or None) of something that counts, and what to call when its day is known.
Worth = dict[int, int]  # by currency


def cents(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def share(line: Line) -> Decimal:
    return Decimal(str(line.discount)) if line.discount > 0 else Decimal(0)


def full(line: Line) -> int:
    if line.list_mrr >= 0:
        return line.list_mrr
    if not 0 < share(line) < 1:
        return line.mrr
    return cents(Decimal(line.mrr) / (1 - share(line)))


def price(line: Line, net: int, by: Conventions) -> int:
    if by.discounts == "ignored":
        return full(line)
    if by.discounts == "lasting_only" and line.discount_until >= 0:
        return full(line)
    return net


def worths(lines: list[Line], by: Conventions) -> list[int]:
    """What each line is worth; of every day only the last line is here."""
    found: list[int] = []
    for place, line in enumerate(lines):
        before = lines[place - 1] if place else None
        if line.kind == 2 or line.state == 1:
            found.append(0)
        elif line.state == 0:
            found.append(price(line, line.mrr, by))
        elif by.paused == "zero":
            found.append(0)
        elif before and (
            line.list_mrr < 0
            or (line.list_mrr, line.discount, line.discount_until)
            == (before.list_mrr, before.discount, before.discount_until)
        ):
            found.append(found[-1])
        else:
            net = cents(full(line) * (1 - share(line))) if line.list_mrr >= 0 else 0
            found.append(price(line, net if line.list_mrr >= 0 else line.mrr, by))
    return found


def first_told(lines: list[Line], place: int) -> int:
    """When a line, or the first of its kind just before it for its day, was booked."""
    line = lines[place]
    while place and (lines[place - 1].on, lines[place - 1].kind) == (
        line.on,
        line.kind,
    ):
        place -= 1
    return lines[place].known


class Event:
    """Something that counts from a day on; done at a moment of that day, or not told."""

    def __init__(self, day: int, moment: int | None) -> None:
        self.day, self.moment, self.counts = day, moment, day


class Subscription:
    def __init__(self, lines: list[Line], gaps: list[Span], by: Conventions) -> None:
        last = {line.on: line for line in lines}
        self.lines = [last[day] for day in sorted(last)]
        self.worths = worths(self.lines, by)
        self.events = [
            Event(x.on, x.known if x.known >= 0 and x.known // DAY == x.on else None)
            for x in self.lines
        ]
        self.spans: list[tuple[Event, Event]] = []
        if by.churn_on == "cancellation":
            self.spans += self.cancelled(lines)
        if by.past_due_days is not None:
            for due, paid in gaps:
                again = [x.on for x in lines if x.kind == 0 and x.on > due]
                to = min([paid if paid >= 0 else FOREVER, *again])
                self.spans.append(
                    (Event(due + by.past_due_days, None), Event(to, None))
                )
        self.spans = [(a, b) for a, b in self.spans if a.day < b.day]

    @staticmethod
    def cancelled(lines: list[Line]) -> list[tuple[Event, Event]]:
        found = []
        for place, line in enumerate(lines):
            made = first_told(lines, place)
            if line.kind != 2 or made < 0 or made // DAY >= line.on:
                continue
            starts = [i for i, x in enumerate(lines[:place]) if x.kind == 0]
            booked = starts[-1] if starts else 0
            began = first_told(lines, booked)
            if made <= (began if began >= 0 else lines[booked].on * DAY):
                continue
            over = Event(line.on, None)
            follows = lines[place + 1 : place + 2]
            if follows and follows[0].on == line.on and follows[0].known >= 0:
                back = follows[0].known
                if back // DAY < line.on:
                    over = Event(back // DAY, back)
            found.append((Event(made // DAY, made), over))
        return found

    def all_events(self) -> list[Event]:
        return [*self.events, *(event for span in self.spans for event in span)]

    def worth(self, day: int) -> tuple[int, int]:
        """(currency, cents) at the end of a day."""
        at = [i for i, event in enumerate(self.events) if event.counts <= day]
        if not at:
            return 0, 0
        # A line moved over midnight comes after those of the day it is moved to.
        place = at[-1]
        silent = any(a.counts <= day < b.counts for a, b in self.spans)
        return self.lines[place].currency, 0 if silent else self.worths[place]


def join(events: Iterable[Event], minutes: int) -> None:
    """The hour rule."""
    events = list(events)
    for event in events:
        if event.moment is None:
            continue
        for other in events:
            if other.moment is None or other.day != event.day - 1:
                continue
            if event.moment - other.moment <= minutes * 60:
                event.counts = event.day - 1


def days_of(
    subscriptions: list[Subscription], first: int, until: int
) -> dict[int, Worth]:
    found = {}
    for day in range(first, until + 1):
        worth: Worth = defaultdict(int)
        for subscription in subscriptions:
            currency, amount = subscription.worth(day)
            worth[currency] += amount
        found[day] = {c: amount for c, amount in worth.items() if amount}
    return found


def month(day: int) -> tuple[int, int]:
    date = EPOCH + dt.timedelta(days=day)
    return date.year, date.month


def without_passing(days: dict[int, Worth]) -> None:
    came = None
    for day in sorted(days):
        if days[day] and came is None:
            came = day
        if not days[day] and came is not None:
            if month(came) == month(day):
                for inside in range(came, day):
                    days[inside] = {}
            came = None


def rows_of(customer: int, days: dict[int, Worth], by: Conventions) -> list[Row]:
    rows: list[Row] = []
    before: Worth = {}
    left: int | None = None
    for day in sorted(days):
        after = days[day]
        for currency in sorted({*before, *after}):
            was, now = before.get(currency, 0), after.get(currency, 0)
            if was == now:
                continue
            if before and after:
                kind = 3 if now > was else 4
            elif before:
                kind = 5
            elif left is None:
                kind = 1
            else:
                late = by.reactivation_days
                kind = 1 if late is not None and day - left > late else 2
            rows.append((customer, currency, day, kind, now - was, was, now))
        if before and not after:
            left = day
        before = after
    return rows


def ledger(
    lines: list[Line], gaps: list[tuple[int, int, int]], by: Conventions, until: int
) -> tuple[list[Row], dict[int, dict[int, Worth]]]:
    """(movements, worth by customer and day), customers in order."""
    rows: list[Row] = []
    worth = {}
    for customer in sorted({line.customer for line in lines}):
        own: dict[int, list[Line]] = defaultdict(list)
        for line in sorted(lines, key=lambda x: x.on):
            if line.customer == customer:
                own[line.subscription].append(line)
        subscriptions = [
            Subscription(x, [g[1:] for g in gaps if g[0] == number], by)
            for number, x in own.items()
        ]
        join((e for x in subscriptions for e in x.all_events()), by.group_minutes)
        first = min(e.day for x in subscriptions for e in x.all_events()) - 2
        worth[customer] = days_of(subscriptions, first, until)
        if by.same_month == "ignored":
            without_passing(worth[customer])
        rows += rows_of(customer, worth[customer], by)
    return rows, worth
