"""Customers without a subscription: CDNOW's, imported, learnt from and forecast.

    script/bench buyers

The 2,357 customers of Fader, Hardie & Lee 2005 go through the importer as any company's
do: customers.csv and invoices.csv, nothing else. What is learnt by the end of week 39 is
held against the paper, and what is forecast against the 39 weeks that followed, which are
in the database all the while.
"""

import csv
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import numpy as np
from django.core.management import call_command

from benchmarks.clv_data import LEARNT, Figure, Floats, data, printed

Row = tuple[str, dt.date, float]
WEEK, WEEKS = 7, 39
DAY = dt.timedelta(days=1)
# The end of week 39.
NOW = dt.datetime.combine(LEARNT + DAY, dt.time(), tzinfo=dt.UTC)
PAPER = {"r": "0.243", "alpha": "4.414", "a": "0.793", "b": "2.426"}


def main() -> int:
    django.setup()
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as name:
        invoices = folder_write(Path(name))
        return printed(figures(Path(name), invoices))


def folder_write(folder: Path) -> list[Row]:
    """This will write CDNOW as the files of a company; returns its invoices."""
    rows = []
    text = (data() / "cdnow" / "CDNOW_sample.txt").read_text()
    for line in text.splitlines():
        _, customer, day, _, value = line.split()
        rows.append((customer, dt.date.fromisoformat(day), float(value)))
    first: dict[str, dt.date] = {}
    for customer, day, _ in rows:
        first[customer] = min(day, first.get(customer, day))
    with (folder / "customers.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("customer_id", "name", "customer_since"))
        lines.writerows((one, f"Buyer {one}", day) for one, day in first.items())
    with (folder / "invoices.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("invoice_id", "customer_id", "issued_on", "total", "paid_on"))
        lines.writerows(
            (f"I{number}", customer, day, f"{value:.2f}", day)
            for number, (customer, day, value) in enumerate(rows)
        )
    return rows


def figures(folder: Path, rows: list[Row]) -> Iterator[Figure]:
    """This will import, learn, forecast, and run a night of that day."""
    from accounts.models import Company
    from customers.services.imports import folder_import

    Company.objects.update_or_create(id=1, defaults={"currency": "USD"})
    began = time.perf_counter()
    folder_import(folder=folder, now=NOW + 400 * DAY)
    yield Figure("import.seconds", f"{time.perf_counter() - began:.1f}")
    yield from learnt_and_forecast(rows)
    yield from night()


def learnt_and_forecast(rows: list[Row]) -> Iterator[Figure]:
    """This will learn as of week 39 and look at the 39 weeks after."""
    from health.calculations.buyers import Bought, who_buys
    from health.selectors.frame import Moment, facts_of, source_ages
    from health.services.training.buyers import buyers_learn

    moment = Moment(LEARNT, NOW, "UTC", "USD")
    began = time.perf_counter()
    buyers = buyers_learn(moment=moment)
    seconds = time.perf_counter() - began
    if buyers is None or buyers.spend is None:
        yield Figure("learnt", "nothing", "something", fine=False)
        return
    model = buyers.purchases
    days = (model.r_, model.alpha_ / WEEK, model.a_, model.b_)
    for (name, goal), value in zip(PAPER.items(), days, strict=True):
        yield Figure(f"learnt.{name}", f"{value:.3f}", goal, f"{value:.3f}" == goal)
    yield Figure("learn.seconds", f"{seconds:.2f}")
    began = time.perf_counter()
    facts = facts_of(moment, source_ages(moment), first=0, last=2**62)
    bought = Bought.of(facts, who_buys(facts))
    ahead = model.expected_purchases(WEEKS * WEEK, bought.x, bought.recency, bought.age)
    worth = ahead * buyers.spend.expected_value(bought.x, bought.mean)
    yield Figure("read-and-forecast.seconds", f"{time.perf_counter() - began:.2f}")
    yield counted("customers", len(bought.x), 2357)
    yield from beside_what_came(rows, facts, ahead, worth)


def beside_what_came(
    rows: list[Row], facts: dict[str, Any], ahead: Floats, worth: Floats
) -> Iterator[Figure]:
    """This will hold purchases and revenue against those of the 39 weeks after."""
    count, spent = later(rows, facts["customer_id"].tolist())
    yield counted("forecast.purchases", ahead.sum(), 1653)
    yield counted("came.purchases", count.sum(), 1882)
    yield Figure("forecast.revenue", f"{worth.sum():.0f}")
    yield Figure("came.revenue", f"{spent.sum():.0f}")
    orders = {"forecast": worth, "spent-so-far": facts["earned"], "truth": spent}
    for name, order in orders.items():
        yield Figure(f"top-decile.by-{name}", f"{100 * of_top(order, spent):.1f} %")


def counted(name: str, value: float, goal: int) -> Figure:
    """This will compare a number with one that is known."""
    return Figure(name, f"{value:.0f}", str(goal), round(value) == goal)


def later(rows: list[Row], ids: list[int]) -> tuple[Floats, Floats]:
    """This will count days with purchases, and amounts, of the 39 weeks after."""
    from customers.models import Customer

    names = Customer.objects.in_bulk(ids)
    days: dict[str, set[dt.date]] = {}
    spent: dict[str, float] = {}
    for customer, day, value in rows:
        if day > LEARNT:
            days.setdefault(customer, set()).add(day)
            spent[customer] = spent.get(customer, 0.0) + value
    keys = [names[pk].external_id for pk in ids]
    count = [len(days.get(key, ())) for key in keys]
    return np.array(count, dtype=float), np.array([spent.get(key, 0.0) for key in keys])


def of_top(order: Floats, came: Floats) -> float:
    """This will return the share of what came from the tenth that an order puts first."""
    first = np.argsort(-order, kind="stable")[: len(order) // 10]
    return float(came[first].sum() / came.sum())


def night() -> Iterator[Figure]:
    """This will let the workers' own code learn and score as of that day."""
    from django.db.models import Count, Q, Sum

    from health.enums import RunKind, TrainingCause
    from health.models import Standing
    from health.services.history import run_work
    from health.services.runs import run_start
    from health.services.training.planning import training_start
    from health.services.training.working import training_work

    began = time.perf_counter()
    training = training_start(cause=TrainingCause.ASKED, as_of=LEARNT, now=NOW)
    training_work(training_id=training.pk, now=NOW, seconds=None)
    training.refresh_from_db()
    yield Figure("training", training.state, "done", training.state == "done")
    run_work(run=run_start(kind=RunKind.MANUAL, as_of=LEARNT, now=NOW))
    seconds = time.perf_counter() - began
    found = Standing.objects.aggregate(
        valued=Count("pk", filter=Q(alive__isnull=False)),
        gone=Count("pk", filter=Q(gone=True)),
        at_risk=Count("pk", filter=Q(at_risk=True)),
        value=Sum("clv"),
    )
    yield counted("night.valued", found["valued"], 2357)
    yield Figure("night.gone", str(found["gone"]))
    yield Figure("night.at-risk", str(found["at_risk"]))
    yield Figure("night.value", f"{found['value']:.0f}")
    yield Figure("learn-and-night.seconds", f"{seconds:.1f}")


if __name__ == "__main__":
    sys.exit(main())
