"""The forecasts as a person gets them: imported, learnt, scored by the application itself.

    script/bench forecasts

Imports the shared company `sim_saas_seed101`, has the forecasts learn as of the end of
months 23 and 35 from what was known then, scores those days, and compares what stands on
the pages with the oracle's truth: the chance of leaving, values over 60 months, and how
often P10 to P90 of the next twelve months' margin held what came in. Then RavenStack,
whose behaviour foretells nothing: a figure above 0.75 there would be a leak.
`script/bench accuracy` and `clv_simulated` measure the calculations on tables instead.
"""

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
import numpy as np
from scipy.stats import spearmanr

from benchmarks.accuracy import Line, area_of, expected, plain, told
from benchmarks.company_tables import read_company, realised
from benchmarks.simulated_company import read_oracle
from health.calculations.scoring import Floats
from tests.processes import own_database

DATA = Path(os.environ.get("KEEPWELL_DATA", "../shared/data"))
ROOT = Path(__file__).resolve().parents[1]
DAYS = {23: dt.date(2023, 12, 31), 35: dt.date(2024, 12, 31)}
RAVEN_DAY = dt.date(2024, 12, 31)
YEAR = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """What the pages show of n customers; money to come is without what was earned."""

    account: list[str]
    plan: list[str]
    churn: Floats
    expected: Floats
    low: Floats
    high: Floats


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--child", choices=COMPANIES)
    name = parser.parse_args().child
    if name is None:
        return max(apart(name) for name in COMPANIES)
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fine = True
    for line, good in COMPANIES[name]():
        print(line, flush=True)
        fine &= good
    return 0 if fine else 1


def apart(name: str) -> int:
    """This will measure a company in a process and a database of its own."""
    with own_database() as database:
        words = [sys.executable, "-m", "benchmarks.forecasts", "--child", name]
        environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **os.environ,
            "DATABASE_URL": database,
            "OMP_NUM_THREADS": "1",
        }
        return subprocess.run(words, env=environment, check=False).returncode  # noqa: S603 - ourselves, with words of our own


def imported(name: str) -> None:
    """This will load a folder of the shared data by its example mapping."""
    from django.utils import timezone

    from customers.services.imports import folder_import

    with tempfile.TemporaryDirectory() as folder:
        folder_import(
            folder=DATA / name,
            mapping=ROOT / "examples" / name / "mapping.toml",
            rejected=Path(folder) / "rejected.csv",
            now=timezone.now(),
        )


def shown(day: dt.date, *, horizon: int) -> Shown:
    """This will score a day by what was learnt until then."""
    from django.utils import timezone

    from accounts.models import Company
    from health.enums import RunKind
    from health.models import Standing
    from health.services.history import run_work
    from health.services.runs import run_start

    Company.objects.update(horizon_months=horizon)
    run = run_start(kind=RunKind.MANUAL, as_of=day, now=timezone.now())
    run_work(run=run)
    rows = Standing.objects.order_by("pk").values_list(
        "customer__external_id",
        "customer__segment__key",
        "churn",
        "clv",
        "clv_p10",
        "clv_p90",
        "earned",
    )
    account, plan, *numbers = zip(*rows, strict=True)
    churn, value, low, high, earned = (
        np.array(column, dtype=np.float64) for column in numbers
    )
    return Shown(
        list(account), list(plan), churn, value - earned, low - earned, high - earned
    )


def simulated_lines() -> Iterator[Line]:
    """This will compare what is shown of the simulated company with its truth."""
    from django.utils import timezone

    from health.services.training.starting import history_learned

    imported("sim_saas_seed101")
    company = read_company(DATA / "sim_saas_seed101")
    for month, day in DAYS.items():
        training = history_learned(now=timezone.now(), as_of=day)
        name = f"sim101.T{month}"
        yield plain(f"{name}.method", training.version.method)
        truth = read_oracle(DATA / "sim_saas_seed101", month)
        found = shown(day, horizon=60)
        place = {str(account): n for n, account in enumerate(truth.account)}
        at = np.array([place[account] for account in found.account])
        yield told(f"{name}.customers", len(at), "", len(place), len(place))
        gone = company.gone[truth.account[at]]
        yield from chance_lines(name, found, truth.p3[at], gone, month)
        yield from value_lines(name, found, truth.margin60[at])
        if month + YEAR < company.months:
            came = realised(company, month, YEAR)[1][at]
            yield from range_lines(name, shown(day, horizon=YEAR), came)


def chance_lines(
    name: str, found: Shown, truth: Floats, gone: np.ndarray, month: int
) -> Iterator[Line]:
    share = expected(found.churn, truth) / expected(truth, truth)
    if month < max(DAYS):
        left = gone <= month + 3
        ours, theirs = area_of(found.churn, left), area_of(truth, left)
        yield plain(f"{name}.leavers", int(left.sum()))
        yield plain(f"{name}.auc", ours)
        yield told(f"{name}.auc.share", 100 * ours / theirs, "%", 93, np.inf)
    yield plain(f"{name}.expected.share", 100 * share)
    yield plain(f"{name}.mean", f"{found.churn.mean():.4f} true {truth.mean():.4f}")


def value_lines(name: str, found: Shown, truth: Floats) -> Iterator[Line]:
    total = float(found.expected.sum() / truth.sum())
    error = float(np.median(np.abs(found.expected / truth - 1.0)))
    rank = float(spearmanr(found.expected, truth).statistic)
    yield told(f"{name}.clv.total", total, "", 0.95, 1.05)
    yield told(f"{name}.clv.error", 100 * error, "%", 0, 16)
    yield told(f"{name}.clv.rank", rank, "", 0.97, 1)


def range_lines(name: str, found: Shown, came: Floats) -> Iterator[Line]:
    """This will count how often P10 to P90 of twelve months held what came in."""
    held = (came >= found.low) & (came <= found.high)
    yield told(f"{name}.range.holds", 100 * float(held.mean()), "%", 77, 83)
    for plan in sorted(set(found.plan)):
        mine = held[np.array(found.plan) == plan]
        yield told(f"{name}.range.holds.{plan}", 100 * mine.mean(), "%", 72, 100)


def raven_lines() -> Iterator[Line]:
    """This will have the forecasts learn from RavenStack."""
    from django.utils import timezone

    from health.calculations.forecast_content import ForecastContent
    from health.forecast_words import feature_label
    from health.services.training.starting import history_learned

    imported("ravenstack")
    training = history_learned(now=timezone.now(), as_of=RAVEN_DAY)
    churn = ForecastContent.from_json(training.version.content).churn
    if churn is None or churn.metrics.ranked.auc is None:
        yield told("ravenstack.learnt", 0.0, "", 1, 1)
        return
    metrics, auc = churn.metrics, churn.metrics.ranked.auc
    yield told("ravenstack.auc", auc.value, "", -np.inf, 0.70)
    yield plain("ravenstack.auc.range", f"{auc.low:.3f}-{auc.high:.3f}")
    yield told("ravenstack.called.signal", float(metrics.signal), "", -np.inf, 0)
    nothing = [gain.name for gain in metrics.gains if gain.nothing]
    yield plain("ravenstack.add.nothing", f"{len(nothing)} of {len(metrics.gains)}")
    adding = [str(feature_label(g.name)) for g in metrics.gains if not g.nothing]
    yield plain("ravenstack.add.something", ", ".join(adding) or "none")


COMPANIES = {"simulated": simulated_lines, "ravenstack": raven_lines}


if __name__ == "__main__":
    sys.exit(main())
