"""The accuracy report of a training."""

from typing import Any

from common.dates import POSTGRES_EPOCH
from health.calculations.accuracy.earlier import Learnt
from health.calculations.accuracy.values import ValueReport
from health.calculations.accuracy.whole import HORIZON, RESAMPLES, report_of
from health.calculations.churn.choosing import MODELS, choose
from health.calculations.churn.model import ChurnModel
from health.calculations.forecast_content import ForecastContent
from health.calculations.past_frames import PastFrames
from health.models import ForecastVersion

# Versions that are tried again on later days: the one in use and the newest others.
TRIED = 4


def accuracy_report(
    *,
    frames: PastFrames,
    content: ForecastContent,
    calls: int,
    seed: int,
    values: ValueReport | None = None,
    resamples: int = RESAMPLES,
) -> dict[str, Any]:
    """This will measure all that the accuracy page tells, for `AccuracyReport.content`.

    `frames` are the past days that `content` was learnt from, `calls` (customers a day)
    and `seed` those its churn model was trained with, `values` the check of last year's
    forecast. The schema is that of `calculations.accuracy.whole.Report`, with `alarms`,
    the published things that are no better than chance ("in_use" for the score, "model").
    Cost: one query, and some ten seconds at full size.
    """
    found = report_of(
        frames,
        content,
        reason=str(choose(frames.rows, horizon=HORIZON).reason),
        calls=calls,
        seed=seed,
        earlier=_earlier(),
        values=values,
        resamples=resamples,
    )
    return found.as_json()


def _earlier() -> list[Learnt]:
    versions = ForecastVersion.objects.filter(method__in=MODELS)
    newest = versions.order_by("-in_use", "-number")[:TRIED]
    return [
        Learnt(
            one.number,
            (one.as_of - POSTGRES_EPOCH).days,
            ChurnModel.from_json(one.content["churn"]),
        )
        for one in newest
        if one.content["churn"]
    ]
