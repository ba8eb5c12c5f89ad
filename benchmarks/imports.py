"""How fast a company's usage is loaded, and in how much memory.

script/bench imports          100,000 rows
script/bench imports --full   1,000,000 rows
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import django

CUSTOMERS = 2_000
ROWS_GOAL, MEMORY_GOAL = 30_000, 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true")
    rows = 1_000_000 if parser.parse_args().full else 100_000
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    import datetime as dt

    from django.core.management import call_command
    from django.utils import timezone

    from customers.models import UsageDaily
    from customers.services.imports import folder_import

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as name:
        folder, now = Path(name), timezone.now()
        with (folder / "customers.csv").open("w") as file:
            file.write("customer_id,name,customer_since\n")
            file.writelines(f"C{n},Customer {n},2020-01-01\n" for n in range(CUSTOMERS))
        first = dt.date(2024, 1, 1)
        days = [first + dt.timedelta(days=n) for n in range(rows // CUSTOMERS)]
        with (folder / "usage.csv").open("w") as file:
            file.write("customer_id,day,active_users,events,features\n")
            for n in range(CUSTOMERS):
                file.writelines(
                    f"C{n},{day},{n % 30},{n % 300},{n % 6}\n" for day in days
                )
        speeds = []
        for _ in range(2):
            began = time.perf_counter()
            folder_import(folder=folder, now=now)
            speeds.append(rows / (time.perf_counter() - began))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kept = UsageDaily.objects.count()
    lines = [
        ("first.rows_per_second", speeds[0], ROWS_GOAL, speeds[0] >= ROWS_GOAL),
        ("again.rows_per_second", speeds[1], ROWS_GOAL, speeds[1] >= ROWS_GOAL),
        ("memory.megabytes", memory, MEMORY_GOAL, memory <= MEMORY_GOAL),
        ("rows.kept", kept, rows, kept == rows),
    ]
    for what, value, goal, fine in lines:
        print(f"{what} {value:,.0f} goal {goal:,} {'ok' if fine else 'short'}")
    return 0 if all(fine for *_, fine in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
