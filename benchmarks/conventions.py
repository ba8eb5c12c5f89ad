"""What a real table of subscriptions brings under each preset of conventions.

    script/bench conventions

Imports the shared data set RavenStack by its example mapping, makes the ledger as of the
last day of the data under every preset, holds it against what the application shows, and
explains each difference: how many customers, which switch. docs/revenue.md has the table.
"""

import argparse
import datetime as dt
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import django
import numpy as np

from billing.calculations.conventions import PRESETS, Conventions
from billing.calculations.ledger import (
    Gaps,
    Log,
    Movements,
    closings,
    differences_explained,
    movements,
    reasons,
)

DATA = Path(os.environ.get("KEEPWELL_DATA", "../shared/data"))
ROOT = Path(__file__).resolve().parents[1]
EPOCH = dt.date(2000, 1, 1)
FIRST, LAST = dt.date(2023, 1, 1), dt.date(2024, 12, 31)
KINDS = ("new", "reactivation", "expansion", "contraction", "churn")
# What a switch could be set to beside its place in the preset keepwell.
OTHERWISE = Conventions(
    churn_on="cancellation",
    same_month="ignored",
    reactivation_days=90,
    discounts="lasting_only",
    paused="unchanged",
    past_due_days=15,
    group_minutes=0,
)
Months = dict[dt.date, dict[str, int]]


def main() -> int:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    log, gaps = imported()
    print(f"ravenstack lines {len(log)} customers {len(np.unique(log.customer))}")
    found = {name: months_of(log, gaps, by) for name, by in PRESETS.items()}
    for name, months in found.items():
        print(total_line(name, months))
    for line in month_lines(found):
        print(line)
    for line in reason_lines(log, gaps):
        print(line)
    fine = True
    for name, good in checks(log, gaps, found):
        print(f"{name} {'ok' if good else 'short'}")
        fine &= good
    return 0 if fine else 1


def imported() -> tuple[Log, Gaps]:
    """This will load the folder as `script/import` does, and build the ledger of LAST."""
    from django.core.management import call_command
    from django.utils import timezone

    from billing.selectors.ledger_reading import (
        Range,
        gaps_read,
        log_read,
        one_snapshot,
    )
    from billing.selectors.ledger_terms import ledger_terms
    from billing.services.ledger import ledger_build
    from customers.services.imports import folder_import

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        folder_import(
            folder=DATA / "ravenstack",
            mapping=ROOT / "examples" / "ravenstack" / "mapping.toml",
            rejected=Path(folder) / "rejected.csv",
            now=timezone.now(),
        )
    ledger_build(now=dt.datetime.combine(LAST, dt.time(12), dt.UTC))
    terms = ledger_terms(day=LAST)
    everybody = Range(0, 2**62)
    with one_snapshot() as cursor:
        log = log_read(cursor, everybody, terms).log
        gaps = gaps_read(cursor, everybody, terms, late=OTHERWISE.past_due_days)
    return log, gaps


def number(day: dt.date) -> int:
    return (day - EPOCH).days


def month_of(day: int) -> dt.date:
    return (EPOCH + dt.timedelta(days=day)).replace(day=1)


def months_of(log: Log, gaps: Gaps, by: Conventions) -> Months:
    """This will sum each month in cents, and count the customers who came and went."""
    lines = movements(log, by, gaps=gaps, until=number(LAST))
    days = np.arange(number(FIRST), number(LAST) + 1)
    ends = closings(log, by, gaps, days, currencies=1, until=number(LAST))
    found: Months = {}
    for day, closing in zip(days.tolist(), ends.amounts[:, 0].tolist(), strict=True):
        found.setdefault(month_of(day), Counter())["closing"] = closing
    columns = zip(
        lines.day.tolist(), lines.kind.tolist(), lines.amount.tolist(), strict=True
    )
    for day, kind, amount in columns:
        month, name = found[month_of(day)], KINDS[kind - 1]
        month[name] += amount
        month[f"customers_{name}"] += 1
    return found


def summed(months: Months) -> dict[str, int]:
    found: Counter[str] = Counter()
    for month in months.values():
        found.update({name: n for name, n in month.items() if name != "closing"})
    return {**found, "closing": months[max(months)]["closing"]}


def dollars(amount: int) -> str:
    return f"{amount / 100:.2f}"


def told(month: dict[str, int]) -> str:
    amounts = (f"{name}={dollars(month.get(name, 0))}" for name in (*KINDS, "closing"))
    counts = (
        f"customers_{name}={month.get(f'customers_{name}', 0)}"
        for name in ("new", "reactivation", "churn")
    )
    return " ".join((*amounts, *counts))


def total_line(name: str, months: Months) -> str:
    return f"total.{name} {told(summed(months))}"


def month_lines(found: dict[str, Months]) -> Iterator[str]:
    """This will yield each month once, and again for presets that say something else."""
    for month, own in found["keepwell"].items():
        yield f"month.{month:%Y-%m}.keepwell {told(own)}"
        for name, months in found.items():
            if told(months[month]) != told(own):
                yield f"month.{month:%Y-%m}.{name} {told(months[month])}"


def reason_lines(log: Log, gaps: Gaps) -> Iterator[str]:
    """This will yield, for presets and for single switches, who differs and by what."""
    own = PRESETS["keepwell"]
    others = {f"preset.{name}": by for name, by in PRESETS.items() if by != own}
    for field in fields(Conventions):
        value = getattr(OTHERWISE, field.name)
        others[f"switch.{field.name}={value}"] = replace(own, **{field.name: value})
    for name, by in others.items():
        customers: dict[str, set[int]] = {}
        amounts: Counter[str] = Counter()
        for month in months_between():
            span = {"gaps": gaps, "until": number(LAST), **month}
            for customer, codes in differences_explained(log, own, by, **span).items():
                for code in codes:
                    customers.setdefault(code, set()).add(customer)
            parts = reasons(log, own, by, **span)
            for code, kind, amount in zip(
                parts.code.tolist(),
                parts.kind.tolist(),
                parts.amount.tolist(),
                strict=True,
            ):
                if kind:
                    amounts[f"{code}.{KINDS[kind - 1]}"] += amount
        counts = (f"{code}={len(who)}" for code, who in customers.items())
        moved = (f"{code}={dollars(amount)}" for code, amount in amounts.items())
        print_to = " ".join((*counts, *moved)) or "no customer differs"
        yield f"differs.{name} {print_to}"


def months_between() -> Iterator[dict[str, int]]:
    first = FIRST
    while first <= LAST:
        following = (first + dt.timedelta(days=31)).replace(day=1)
        yield {"first": number(first), "last": number(following) - 1}
        first = following


def checks(
    log: Log, gaps: Gaps, found: dict[str, Months]
) -> Iterator[tuple[str, bool]]:
    """This will hold the figures against the rows that pages read, and the days' sums."""
    from billing.models import ConventionMonth

    rows: dict[tuple[str, dt.date], Any] = {
        (row.preset, row.month): row
        for row in ConventionMonth.objects.order_by("preset", "month", "pk")
    }
    for name, months in found.items():
        same = all(
            (name, month) in rows
            and all(
                int(getattr(rows[name, month], column) * 100) == own.get(column, 0)
                for column in (*KINDS, "closing")
            )
            for month, own in months.items()
            if own["closing"]
        )
        yield f"application.{name}", same
    for name, by in PRESETS.items():
        yield f"adds.up.{name}", adds_up(log, gaps, by)


def adds_up(log: Log, gaps: Gaps, by: Conventions) -> bool:
    """This will say whether every day's closing is the movements until then."""
    lines: Movements = movements(log, by, gaps=gaps, until=number(LAST))
    days = np.arange(number(FIRST), number(LAST) + 1)
    ends = closings(log, by, gaps, days, currencies=1, until=number(LAST))
    moved = np.bincount(
        lines.day - days[0], weights=lines.amount, minlength=len(days)
    ).cumsum()
    return bool(len(lines)) and bool((moved == ends.amounts[:, 0]).all())


if __name__ == "__main__":
    sys.exit(main())
