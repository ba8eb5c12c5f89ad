"""What became of past scores on a simulated company whose truth is known.

    script/bench outcomes

Imports the shared test data `sim_saas_seed101` by its example mapping, learns from its
past, scores its history and its last day, and compares what the application says of each
customer with the truth: the chance of leaving within three months, and the margin of the
next 60 months.
"""

import csv
import os
import statistics
import sys
from pathlib import Path

import django

MONOTONE = ("at risk", "watch", "healthy")
MEAN_GOAL = 0.01
TOTAL_GOAL, ERROR_GOAL, RANK_GOAL = 0.05, 0.16, 0.97


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    import datetime as dt

    import numpy as np
    from django.core.management import call_command
    from django.utils import timezone
    from scipy.stats import spearmanr

    from customers.services.imports import folder_import
    from health.models import ForecastVersion, Standing
    from health.services.history import history_scored
    from health.services.training.starting import history_learned

    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ["KEEPWELL_DATA"]) / "sim_saas_seed101"
    now, last = timezone.now(), dt.date(2024, 12, 31)
    call_command("migrate", verbosity=0)
    folder_import(
        folder=folder,
        mapping=root / "examples" / "sim_saas_seed101" / "mapping.toml",
        rejected=Path(os.environ.get("TMPDIR", "/tmp")) / "rejected-outcomes.csv",  # noqa: S108
        now=now,
    )
    history_learned(now=now, as_of=last)
    version = ForecastVersion.objects.get(in_use=True)
    run = history_scored(now=now, as_of=last)
    print(f"forecasts {version} by {run.parameters['forecast']['method']}")
    rates = []
    for number, name in enumerate(MONOTONE, start=1):
        band = run.parameters["bands"][str(number)]
        rates.append(band["rate"])
        print(
            f"left.{name.replace(' ', '_')} {100 * rates[-1]:.1f} %"
            f" ({band['events']} of {band['exposure']:.0f})"
        )
    with (folder / "oracle_T35.csv").open() as file:
        truth = {
            row["account"]: (float(row["p3"]), float(row["clv"]))
            for row in csv.DictReader(file)
        }
    standing = {
        key: (churn, score, float(clv - earned))
        for key, churn, score, clv, earned in Standing.objects.values_list(
            "customer__external_id", "churn", "score", "clv", "earned"
        )
    }
    both = [key for key in truth if key in standing]
    mean = statistics.fmean(standing[key][0] for key in both)
    true = statistics.fmean(truth[key][0] for key in both)
    ordered = rates[0] > rates[1] > rates[2]
    said = np.array([standing[key] for key in both])
    really = np.array([truth[key] for key in both])
    total = float(said[:, 2].sum() / really[:, 1].sum())
    error = float(np.median(np.abs(said[:, 2] / really[:, 1] - 1.0)))
    rank = float(spearmanr(said[:, 2], really[:, 1]).statistic)
    fine = {
        "order": ordered,
        "mean": abs(mean - true) <= MEAN_GOAL,
        "total": abs(total - 1.0) <= TOTAL_GOAL,
        "error": error <= ERROR_GOAL,
        "rank": rank >= RANK_GOAL,
    }
    word = {name: "ok" if good else "short" for name, good in fine.items()}
    print(f"customers {len(both)} of {len(truth)}")
    print(f"order.of.bands {'falling' if ordered else 'mixed'} {word['order']}")
    print(f"mean.published {100 * mean:.1f} % true {100 * true:.1f} % {word['mean']}")
    for column, name in ((1, "score"), (0, "chance of leaving")):
        rho = spearmanr(said[:, column], really[:, 0]).statistic
        print(f"rank.correlation {name} against truth {rho:.2f}")
    print(f"value.total {total:.3f} of the truth 0.95..1.05 {word['total']}")
    print(f"value.median.error {100 * error:.1f} % at most 16 {word['error']}")
    print(f"value.rank {rank:.3f} at least 0.97 {word['rank']}")
    return 0 if all(fine.values()) and len(both) == len(truth) else 1


if __name__ == "__main__":
    sys.exit(main())
