"""What became of past scores on a simulated company whose truth is known.

    script/bench outcomes

Imports the shared test data `sim_saas_seed101` by its example mapping, scores its history
and its last day, and compares with the true probabilities of leaving within three months.
"""

import csv
import os
import statistics
import sys
from pathlib import Path

import django

MONOTONE = ("at risk", "watch", "healthy")
MEAN_GOAL = 0.01


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    import datetime as dt

    from django.core.management import call_command
    from django.utils import timezone
    from scipy.stats import spearmanr

    from customers.services.imports import folder_import
    from health.models import Standing
    from health.services.history import history_scored

    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ["KEEPWELL_DATA"]) / "sim_saas_seed101"
    now = timezone.now()
    call_command("migrate", verbosity=0)
    folder_import(
        folder=folder,
        mapping=root / "examples" / "sim_saas_seed101" / "mapping.toml",
        rejected=Path(os.environ.get("TMPDIR", "/tmp")) / "rejected-outcomes.csv",  # noqa: S108
        now=now,
    )
    run = history_scored(now=now, as_of=dt.date(2024, 12, 31))
    bands = run.parameters["bands"]
    rates = []
    for number, name in enumerate(MONOTONE, start=1):
        band = bands[str(number)]
        rates.append(band["events"] / band["exposure"])
        print(
            f"left.{name.replace(' ', '_')} {100 * rates[-1]:.1f} %"
            f" ({band['events']} of {band['exposure']:.0f})"
        )
    with (folder / "oracle_T35.csv").open() as file:
        truth = {row["account"]: float(row["p3"]) for row in csv.DictReader(file)}
    standing = {
        key: (churn, score)
        for key, churn, score in Standing.objects.values_list(
            "customer__external_id", "churn", "score"
        )
    }
    both = [key for key in truth if key in standing]
    mean = statistics.fmean(standing[key][0] for key in both)
    true = statistics.fmean(truth[key] for key in both)
    rho = spearmanr([standing[k][1] for k in both], [truth[k] for k in both]).statistic
    ordered = rates[0] > rates[1] > rates[2]
    close = abs(mean - true) <= MEAN_GOAL
    print(f"customers {len(both)} of {len(truth)}")
    print(
        f"order.of.bands {'falling' if ordered else 'mixed'} {'ok' if ordered else 'short'}"
    )
    print(
        f"mean.published {100 * mean:.1f} % true {100 * true:.1f} % {'ok' if close else 'short'}"
    )
    print(f"rank.correlation score against truth {rho:.2f}")
    return 0 if ordered and close and len(both) == len(truth) else 1


if __name__ == "__main__":
    sys.exit(main())
