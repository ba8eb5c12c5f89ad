"""The catalogue, the exchange rates, and what customers bought once."""

from demo.calculations.customers import SEAT_PRICE, YEARLY_DISCOUNT
from demo.calculations.deals import (
    ADD_ON_SEAT,
    BUNDLE_FACTOR,
    EURO,
    LIST_RATE,
    POUND,
    Deal,
)
from demo.calculations.draws import stream
from demo.calculations.invoices import TAX
from demo.calculations.rates import PRICE_FACTOR, PRICE_WEEKS_AGO
from demo.calculations.rows import (
    BundlePartRow,
    InvoiceLineRow,
    InvoiceRow,
    PaymentRow,
    PlanRow,
    PriceRow,
    PurchaseRow,
    RateRow,
)
from demo.calculations.world import World
from demo.texts.sold import ADD_ON, BUNDLE, EXTRAS, ONE_OFFS, PRODUCT, SERVICES

BOUGHT = {"Small business": 0.1, "Mid-market": 0.35, "Enterprise": 0.6}
RATE_DAYS = 28


def plan_rows() -> list[PlanRow]:
    """This will write the catalogue."""
    return [
        *(PlanRow(name, PRODUCT, "base") for name in SEAT_PRICE),
        PlanRow(BUNDLE, PRODUCT, "bundle"),
        PlanRow(ADD_ON, EXTRAS, "add_on"),
        *(PlanRow(name, SERVICES, "one_off") for name in ONE_OFFS),
    ]


def price_rows(world: World) -> list[PriceRow]:
    """This will write prices by the seat, and the raised ones; who came later keeps the old."""
    first = world.grid.first
    raised = world.grid.date((world.grid.weeks - PRICE_WEEKS_AGO) * 7)
    prices = {**SEAT_PRICE, ADD_ON: float(ADD_ON_SEAT)}
    rows: list[PriceRow] = []
    for valid_on, factor in ((first, 1.0), (raised, PRICE_FACTOR)):
        if valid_on < first:
            continue
        prices[BUNDLE] = SEAT_PRICE["Team"] * BUNDLE_FACTOR
        for name, price in prices.items():
            for currency, rate in ((EURO, 1.0), (POUND, LIST_RATE)):
                month = price * factor * rate
                year = month * 12 * (1 - YEARLY_DISCOUNT)
                rows += [
                    PriceRow(
                        name, f"{amount:.2f}", currency, months, valid_on.isoformat()
                    )
                    for months, amount in ((1, month), (12, year))
                ]
    rows += [
        PriceRow(name, f"{price * rate:.2f}", currency, None, first.isoformat())
        for name, price in ONE_OFFS.items()
        for currency, rate in ((EURO, 1.0), (POUND, LIST_RATE))
    ]
    return rows


def part_rows() -> list[BundlePartRow]:
    """This will write what the bundle contains: by the seat it saves a tenth of a seat."""
    return [BundlePartRow(BUNDLE, "Team"), BundlePartRow(BUNDLE, ADD_ON)]


def rate_rows(world: World) -> list[RateRow]:
    """This will let the pound wander, with a rate every four weeks from before the first day."""
    rng = stream(world.seed, "rates")
    steps = range(-RATE_DAYS, world.grid.days, RATE_DAYS)
    rate, rows = 1 / LIST_RATE, []
    for day in steps:
        rate += 0.25 * (1 / LIST_RATE - rate) + float(rng.normal(0, 0.008))
        rows.append(RateRow(POUND, world.grid.date(day).isoformat(), f"{rate:.4f}"))
    return rows


class Bought:
    """What customers bought once: purchases, and their invoices with lines and payments."""

    def __init__(self, world: World, deals: list[Deal]) -> None:
        self.world, self.deals = world, deals
        self.purchases: list[PurchaseRow] = []
        self.invoices: list[InvoiceRow] = []
        self.lines: list[InvoiceLineRow] = []
        self.payments: list[PaymentRow] = []
        rng = stream(world.seed, "purchases")
        for index in range(len(world.customers)):
            self._buys(index, [float(one) for one in rng.random(6)])

    def _buys(self, index: int, dice: list[float]) -> None:
        """This will let one customer buy: a set-up at the start, a training later."""
        customer, end = self.world.customers[index], self.world.ends[index]
        share = BOUGHT[customer.segment]
        days = {
            "Set-up day": customer.start + 3 + int(dice[1] * 20),
            "Driver training": customer.start + int(dice[3] * (end - customer.start)),
        }
        wanted = {"Set-up day": share, "Driver training": share / 3}
        for place, (name, day) in enumerate(days.items()):
            if dice[2 * place] < wanted[name] and day < end - 1:
                self._noted(index, name, day, paid=day + 6 + int(dice[4 + place] * 20))

    def _noted(self, index: int, name: str, day: int, *, paid: int) -> None:
        world, deal = self.world, self.deals[index]
        customer = world.customers[index]
        number = len(self.invoices) + 1
        amount = deal.in_currency(ONE_OFFS[name])
        tax = round(amount * TAX.get(customer.country, 0.0), 2)
        key, bought = f"S-{number:04}", world.grid.date(day).isoformat()
        self.purchases.append(
            PurchaseRow(
                f"B-{number:04}",
                customer.id,
                name,
                bought,
                f"{amount}.00",
                deal.currency,
                key,
            )
        )
        self.invoices.append(
            InvoiceRow(
                key,
                customer.id,
                bought,
                f"{amount}.00",
                None,
                world.grid.date(day + 30).isoformat(),
                world.date(paid),
                None,
                deal.currency,
                f"{tax:.2f}",
            )
        )
        self.lines.append(
            InvoiceLineRow(
                key,
                1,
                "one_off",
                f"{amount}.00",
                f"{tax:.2f}",
                None,
                name,
                None,
                None,
                1,
            )
        )
        moment = world.moment(index, paid * 1440 + 600)
        if moment is not None:
            self.payments.append(
                PaymentRow(
                    f"{key}/1",
                    key,
                    moment,
                    "succeeded",
                    f"{amount + tax:.2f}",
                    deal.currency,
                    "",
                )
            )
