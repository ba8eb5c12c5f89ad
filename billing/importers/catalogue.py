"""plans.csv and prices.csv: what we sell.

Catalogues are small, so rows are written one by one, through the models.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Max

from billing.enums import PlanKind
from billing.importers.bundle_prices import dear_prices
from billing.importers.plans import plan_ensure, plan_key, product_ensure
from billing.models import Plan, PriceVersion
from customers.extension import Importer
from customers.importing.load import Check, Load
from customers.importing.tally import Counts
from customers.importing.values import Column


class Tally:
    """Counts rows as they are written."""

    def __init__(self) -> None:
        self.created = self.changed = self.unchanged = 0

    def note(self, row: Any, *, created: bool, **values: Any) -> None:
        """This will save what differs and count the row."""
        differs = [
            name for name, value in values.items() if getattr(row, name) != value
        ]
        for name in differs:
            setattr(row, name, values[name])
        if differs:
            row.save(update_fields=differs)
        self.created += created
        self.changed += bool(differs) and not created
        self.unchanged += not differs and not created

    def counts(self) -> Counts:
        """This will return what was counted."""
        return Counts(self.created, self.changed, self.unchanged)


def staged(cursor: Any, names: str, first: int, last: int) -> Iterator[Any]:
    """This will read columns of a batch of the stage, in the file's order."""
    cursor.execute(
        f"SELECT {names} FROM import_stage WHERE line > %s AND line <= %s ORDER BY line",
        [first, last],
    )
    return iter(cursor.fetchall())


class PlanImporter(Importer):
    """Plans, add-ons, bundles and one-off products; products are made from their names."""

    table = "plans"
    noun = "plan"
    key = ("plan",)
    columns = (
        Column("plan", required=True, size=50),
        Column("product", size=50),
        Column("kind", "choice", choices=tuple(PlanKind.values)),
        Column("retired_on", "date"),
    )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write plans; a plan keeps its name's key for good."""
        tally = Tally()
        rows = staged(cursor, "plan, product, kind, retired_on", first, last)
        for name, product, kind, retired_on in rows:
            before = Plan.objects.filter(key=plan_key(name)).exists()
            row = Plan.objects.get(pk=plan_ensure(name))
            told: dict[str, Any] = {"name": name}
            if "product" in load.present:
                told["product_id"] = product_ensure(product) if product else None
            if kind:
                told["kind"] = kind
            if "retired_on" in load.present:
                told["retired_on"] = retired_on
            tally.note(row, created=not before, **told)
        return tally.counts()


class PriceImporter(Importer):
    """Prices in versions; another day makes a new version, and old customers keep theirs."""

    table = "prices"
    noun = "price"
    key = ("plan", "currency", "interval_months", "valid_on")
    columns = (
        Column("plan", required=True, size=50),
        Column("amount", "amount", required=True),
        Column("valid_on", "date", required=True),
        Column("currency", "currency"),
        Column("interval_months", "integer", low=1, high=120),
    )

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject currencies nobody knows, and bundles dearer than their parts."""
        return (
            Check(
                "amount",
                "d.line = s.line",
                "d.reason",
                using=f"(VALUES {dear_prices(load.currency)}) AS d (line, reason)",
            ),
            Check(
                "currency",
                "s.currency <> %(currency)s AND NOT EXISTS (SELECT 1 FROM "
                "accounts_exchangerate x WHERE x.currency = s.currency)",
                "format('%%s is neither the company''s currency nor one with an exchange "
                "rate', s.currency)",
            ),
        )

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write prices; one-off products have no interval, others one month."""
        tally = Tally()
        names = "plan, amount, COALESCE(currency, %s), interval_months, valid_on"
        names = cursor.mogrify(names, [load.currency]).decode()
        for name, amount, currency, interval, valid_on in staged(
            cursor, names, first, last
        ):
            plan = Plan.objects.get(pk=plan_ensure(name))
            once = plan.kind == PlanKind.ONE_OFF
            _price(
                tally, plan, amount, currency, None if once else interval or 1, valid_on
            )
        return tally.counts()


def _price(
    tally: Tally,
    plan: Plan,
    amount: Decimal,
    currency: str,
    interval_months: int | None,
    valid_on: dt.date,
) -> None:
    same = PriceVersion.objects.filter(
        plan=plan, currency=currency, interval_months=interval_months, valid_on=valid_on
    )
    row = same.order_by("-number").first()
    if row is not None:
        tally.note(row, created=False, amount=amount)
        return
    newest = PriceVersion.objects.filter(plan=plan).aggregate(number=Max("number"))
    PriceVersion.objects.create(
        plan=plan,
        number=(newest["number"] or 0) + 1,
        amount=amount,
        currency=currency,
        interval_months=interval_months,
        valid_on=valid_on,
    )
    tally.created += 1
