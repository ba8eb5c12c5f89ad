"""A version and what came with it, saved in one transaction with the end of its training."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db.models import Max

from common.dates import POSTGRES_EPOCH
from customers.models import Customer
from health.calculations.backtest import Range
from health.calculations.churn.metrics import Metrics
from health.calculations.conformal import coverage
from health.models import (
    AccuracyReport,
    ForecastVersion,
    Training,
    TrainingPart,
    ValueCheck,
)
from health.services.training.concluding import Concluded
from health.services.training.publishing import version_adopt
from health.services.training.values import Checked

BATCH = 5_000


def version_save(
    *, training: Training, found: Concluded, now: dt.datetime
) -> ForecastVersion:
    """This will save what a training came to, and put it in use if it may be.

    Call it in the transaction that ends the training. Cost: one insert per 5,000
    customers that were checked.
    """
    learnt, report = found.learnt, found.report
    newest = ForecastVersion.objects.aggregate(newest=Max("number"))["newest"]
    version = ForecastVersion.objects.create(
        number=(newest or 0) + 1,
        training=training,
        as_of=training.as_of,
        method=str(learnt.content.method),
        reason=str(learnt.choice.reason),
        content=learnt.content.as_json(),
        summary=summary_of(training, found),
        verdict=found.compared.verdict,
        created_at=now,
    )
    if learnt.checked is not None:
        _save_checks(version, learnt.checked)
    if report is not None:
        AccuracyReport.objects.create(
            training=training, as_of=training.as_of, content=report, created_at=now
        )
    TrainingPart.objects.filter(training=training).update(rows=b"")
    version_adopt(version=version, now=now)
    return version


def summary_of(training: Training, found: Concluded) -> dict[str, Any]:
    """This will put together what lists and pages tell without the whole content."""
    frames, learnt = found.frames, found.learnt
    days = np.unique(frames.rows.day)
    churn = learnt.content.churn
    return {
        "days": [len(days), *(day_of(day) for day in (days[0], days[-1]))],
        "rows": len(frames),
        "customers": len(np.unique(frames.rows.customer)),
        "sampled": training.parameters["kept"] < training.parameters["ranges"],
        "known": learnt.choice.customers,
        "leavers": learnt.choice.leavers,
        "base": learnt.content.base.rate,
        "lifetimes": str(learnt.content.lifetimes.method_),
        "figures": None if churn is None else _figures(churn.metrics),
        "compared": found.compared.as_json(),
        "values": _values(learnt.checked),
    }


def day_of(day: Any) -> str:
    """This will write days since 2000-01-01 as a date."""
    return (POSTGRES_EPOCH + dt.timedelta(days=int(day))).isoformat()


def _figures(metrics: Metrics) -> dict[str, Any]:
    return {
        "auc": _range(metrics.ranked.auc),
        "skill": _range(metrics.calibrated.skill),
        "slope": _range(metrics.calibrated.slope),
        "signal": metrics.signal,
        "verdict": str(metrics.ranked.verdict),
        "out_of_time": metrics.out_of_time,
    }


def _range(found: Range | None) -> list[float] | None:
    return None if found is None else [found.value, found.low, found.high]


def _values(checked: Checked | None) -> dict[str, Any] | None:
    if checked is None:
        return None
    check = checked.check
    held = coverage(checked.shown, check.realised.margin, check.plan)
    return {
        "as_of": day_of(check.day),
        "customers": len(check.customer),
        "expected": float(check.expected.sum()),
        "realised": float(check.realised.margin.sum()),
        "held": held.overall,
        "shared": _shared(checked),
        "was_widened": checked.was_widened,
    }


def _shared(checked: Checked) -> float | None:
    """This will return how far all were off together, as a share of what was expected."""
    spread, expected = checked.spread, float(checked.check.expected.sum())
    return spread.doubt.factor * spread.common / expected if expected > 0.0 else None


def _save_checks(version: ForecastVersion, checked: Checked) -> None:
    """This will save the check of every customer that is still known."""
    ids = checked.check.customer
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH].tolist()
        there = set(Customer.objects.filter(pk__in=some).values_list("pk", flat=True))
        ValueCheck.objects.bulk_create(_checks(version, checked, start, there))


def _checks(
    version: ForecastVersion, checked: Checked, start: int, there: set[int]
) -> Iterator[ValueCheck]:
    check, part = checked.check, slice(start, start + BATCH)
    own = checked.spread.doubt.factor * np.sqrt(checked.spread.own)
    columns = [
        check.expected, checked.shown.low, checked.shown.mid, checked.shown.high,
        check.realised.margin, own,
    ]  # fmt: skip
    amounts = np.stack([column[part] for column in columns], axis=1).round(2).tolist()
    day = POSTGRES_EPOCH + dt.timedelta(days=check.day)
    customers, left = check.customer[part].tolist(), check.realised.left[part].tolist()
    for pk, row, gone in zip(customers, amounts, left, strict=True):
        if pk in there:
            expected, low, mid, high, came, spread = row
            yield ValueCheck(
                version=version,
                customer_id=pk,
                as_of=day,
                expected=expected,
                low=low,
                mid=mid,
                high=high,
                realised=came,
                spread=spread,
                left=gone,
            )
