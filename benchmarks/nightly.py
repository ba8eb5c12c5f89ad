"""The nightly run from facts to pages, against the machine and against other ways.

    script/bench nightly            20,000 customers, about a minute
    script/bench nightly --full     1,000,000 customers (30 million rows of usage)
    script/bench nightly --phases   where a shard's time goes, at 50,000

A made company (benchmarks/company.py) with a history of scores is scored by two real
worker processes, several times; the median counts. Beside it, on the same data and in the
same run: one plain aggregate per fact table in PostgreSQL on one core, the same features
by DuckDB from Parquet with two threads, the ORM's own ways, one customer on demand, the
pages while the run is on, and a day of usage. Every size has a database of its own.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.processes import ROOT, own_database

SHORT, FULL, PHASES = 20_000, 1_000_000, 50_000
GROWTH = (10_000, 100_000)
# A run of ten times as many may take at most so many times as long, and so much more memory.
LINEAR, FLAT = 12.0, 1.2

# name: unit, goal, whether more is better; only for the full form where marked.
GOALS: dict[str, tuple[str, float | None, bool, bool]] = {
    "seconds": ("s", None, False, False),
    "slowest": ("s", None, False, False),
    "finishing": ("s", None, False, False),
    "plain": ("s", None, False, False),
    "ratio.plain": ("x", 1.2, False, True),
    "plain.by_index": ("s", None, False, False),
    "duckdb": ("s", None, False, False),
    "ratio.duckdb": ("x", 4.0, False, True),
    "orm": ("s", None, False, False),
    "faster.than_orm": ("x", 12.0, True, True),
    "loop": ("s", None, False, False),
    "faster.than_loop": ("x", 300.0, True, True),
    "memory": ("MB", 200.0, False, False),
    "one_customer": ("ms", 5.0, False, False),
    "one_customer.written": ("ms", None, False, False),
    "pages.p95": ("ms", 150.0, False, False),
    "pages.asked": ("", 20.0, True, False),
    "pages.failed": ("", 0.0, False, False),
    "usage.day": ("s", 2.0, False, False),
    "customers.missing": ("", 0.0, False, False),
    "growth.time": ("x", LINEAR, False, True),
    "growth.memory": ("x", FLAT, False, True),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--phases", action="store_true")
    parser.add_argument("--size", type=int, help="another number of customers")
    parser.add_argument("--child", choices=("all", "run", "phases"))
    parser.add_argument("--to", type=Path)
    chosen = parser.parse_args()
    if chosen.child:
        return child(chosen.child, chosen.size, chosen.to)
    if chosen.phases:
        apart("phases", chosen.size or PHASES)
        return 0
    size = chosen.size or (FULL if chosen.full else SHORT)
    figures = apart("all", size)
    if chosen.full:
        small = [apart("run", less) for less in GROWTH]
        for less, found in zip(GROWTH, small, strict=True):
            print(f"at.{less} {found['seconds']:.2f} s {found['memory']:.0f} MB")
        times = size / GROWTH[-1] / 10
        figures["growth.time"] = figures["seconds"] / small[-1]["seconds"] / times
        figures["growth.memory"] = figures["memory"] / small[-1]["memory"]
    return 0 if told(figures, full=chosen.full) else 1


def told(figures: dict[str, float], *, full: bool) -> bool:
    """This will print a line per figure and say whether all are good enough."""
    fine = True
    for name, (unit, goal, more, only_full) in GOALS.items():
        if name not in figures:
            fine &= only_full and not full
            continue
        value = figures[name]
        counts = goal is not None and (full or not only_full)
        # Where it counts there is a goal, which mypy cannot see through two names.
        good = not counts or (value >= goal if more else value <= goal)  # type: ignore[operator]
        fine &= good
        wanted = f"{'>=' if more else '<='}{goal:g}" if counts else "-"
        state = "ok" if good else "short"
        print(f"nightly.{name} {value:.2f} {unit or '-'} {wanted} {state}")
    return fine


def apart(what: str, size: int) -> dict[str, float]:
    """This will measure in a process and a database of its own."""
    with own_database() as database, tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "figures.json"
        shard = min(25_000, max(1_000, size // 8))
        subprocess.run(  # noqa: S603 - ourselves, with words of our own
            [
                sys.executable, "-m", "benchmarks.nightly", "--child", what,
                "--size", str(size), "--to", str(to),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": database,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "KEEPWELL_SHARD_CUSTOMERS": str(shard),
                "KEEPWELL_STATIC_ROOT": str(Path(folder) / "static"),
                "KEEPWELL_HTTPS": "0",
                "OMP_NUM_THREADS": "1",
            },
            check=True,
        )  # fmt: skip
        found: dict[str, float] = json.loads(to.read_text()) if to.exists() else {}
        return found


def child(what: str, size: int, to: Path) -> int:
    """This will do the measuring in the database that the environment names."""
    import django

    django.setup()
    from benchmarks.nightly_phases import phases_print
    from benchmarks.nightly_run import Night

    folder = Path(tempfile.mkdtemp(dir=to.parent))
    night = Night(size, folder)
    if what == "phases":
        phases_print(night)
        return 0
    figures: dict[str, Any] = night.measured(whole=what == "all")
    to.write_text(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
