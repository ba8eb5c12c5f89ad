"""Everything the accuracy page tells, measured on this installation's own past."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from health.calculations.accuracy.contenders import (
    IN_USE,
    MODEL,
    Contender,
    columns_of,
    contenders,
)
from health.calculations.accuracy.drift import Drift
from health.calculations.accuracy.earlier import Learnt, VersionLine, version_line
from health.calculations.accuracy.groups import Group, groups
from health.calculations.accuracy.looked_at import LookedAt, looked_at
from health.calculations.accuracy.report import Calibrated, Lead, Verdict, lead
from health.calculations.accuracy.values import ValueReport
from health.calculations.backtest import Range
from health.calculations.churn.drifting import drifts
from health.calculations.churn.frozen_json import from_json, to_json
from health.calculations.churn.metrics import Caution, Challenger, Gain
from health.calculations.forecast_content import ForecastContent
from health.calculations.past_frames import PastFrames
from health.calculations.scoring import Floats

HORIZON = 90
# Counts up when a report can no longer be read from what an older release stored.
SCHEMA = 1
AT_RISK = 1
# The model's own alarm: so many times the company's rate of leaving (health.queue).
ALARM = 2.0
RESAMPLES = 200
# Customers whose features are compared with those of training.
DRIFTED = 20_000
NOT_TRUSTED = frozenset({Verdict.CHANCE, Verdict.REVERSED})


@dataclass(frozen=True, slots=True)
class Report:
    """The page's content; a part is empty or None where it cannot be measured.

    `days` are those the cases are counted on (since 2000-01-01), `calls` customers a day.
    """

    method: str
    reason: str
    days: tuple[int, ...]
    cases: int
    customers: int  # among the cases
    everybody: int  # customers with a window that is over, before some were drawn
    leavers: int
    calls: int
    out_of_time: bool
    contenders: tuple[Contender, ...]
    calibrated: Calibrated | None
    score_lead: Lead | None
    model_lead: Lead | None
    segments: tuple[Group, ...]
    plans: tuple[Group, ...]
    contract: Range | None  # area under the curve by facts of the contract alone
    behaviour: Range | None  # what the measures add to it
    gains: tuple[Gain, ...]
    challenger: Challenger | None
    cautions: tuple[Caution, ...]
    signal: bool | None  # None without a model
    drift_day: int | None
    drifts: tuple[Drift, ...]
    versions: tuple[VersionLine, ...]
    values: ValueReport | None

    def contender(self, key: str) -> Contender | None:
        """This will return a contender; None where it was not measured."""
        return next((one for one in self.contenders if one.key == key), None)

    def verdict_of(self, key: str) -> Verdict | None:
        """This will return what may be said of a contender."""
        found = self.contender(key)
        return found.ranked.verdict if found else None

    @property
    def alarms(self) -> tuple[str, ...]:
        """Which of what is published is no better than chance: the score, the model."""
        return tuple(
            key for key in (IN_USE, MODEL) if self.verdict_of(key) in NOT_TRUSTED
        )

    def as_json(self) -> dict[str, Any]:
        """This will return what `from_json` reads back, with schema and alarms beside it."""
        found: dict[str, Any] = to_json(self)
        return found | {"schema": SCHEMA, "alarms": list(self.alarms)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """This will read what `as_json` wrote."""
        beside = ("schema", "alarms")
        return from_json(cls, {k: v for k, v in data.items() if k not in beside})


def report_of(
    frames: PastFrames,
    content: ForecastContent,
    *,
    reason: str,
    calls: int,
    seed: int,
    earlier: Sequence[Learnt] = (),
    values: ValueReport | None = None,
    resamples: int = RESAMPLES,
) -> Report:
    """This will measure everything on past days.

    `calls` and `seed` as the model was trained with; its own figures are taken from its
    metrics. Cost: one fit for each stretch and fold, then `resamples` times some hundred
    passes over at most some 15,000 cases.
    """
    model = content.churn
    looked = looked_at(frames, model, horizon=HORIZON, seed=seed)
    counted = looked.chosen(looked.counted)
    draw = {"seed": seed, "resamples": resamples}
    newest = _newest(frames, seed)
    metrics = model.metrics if model else None
    found = Report(
        method=str(content.method),
        reason=reason,
        days=tuple(np.unique(counted.frames.rows.day).tolist()),
        cases=len(counted.p),
        customers=len(np.unique(counted.frames.rows.customer)),
        everybody=looked.customers,
        leavers=int(counted.cases.left.sum()),
        calls=calls,
        out_of_time=metrics.out_of_time if metrics else True,
        contenders=(),
        calibrated=metrics.calibrated if metrics else None,
        score_lead=None,
        model_lead=None,
        segments=(),
        plans=(),
        contract=metrics.contract if metrics else None,
        behaviour=metrics.behaviour if metrics else None,
        gains=metrics.gains if metrics else (),
        challenger=metrics.challenger if metrics else None,
        cautions=metrics.cautions if metrics else (),
        signal=metrics.signal if metrics else None,
        drift_day=int(newest.rows.day.max()) if len(newest) else None,
        drifts=drifts(model, newest.rows) if model and len(newest) else (),
        versions=_versions(frames, earlier, **draw),
        values=values,
    )
    if not len(counted.p):
        return found
    return _compared(found, looked, counted, content, calls=calls, **draw)


def _compared(
    found: Report,
    looked: LookedAt,
    counted: LookedAt,
    content: ForecastContent,
    *,
    calls: int,
    seed: int,
    resamples: int,
) -> Report:
    draw = {"seed": seed, "resamples": resamples}
    score = _score(counted)
    rows = counted.frames.rows
    sides = contenders(counted, calls=calls, **draw)
    if content.churn:
        own = content.churn.metrics.ranked
        sides = tuple(
            replace(one, ranked=own) if one.key == MODEL else one for one in sides
        )
    return replace(
        found,
        contenders=sides,
        score_lead=_lead(looked, looked.frames.band == AT_RISK, **draw),
        model_lead=_lead(looked, looked.p >= ALARM * content.base.rate, **draw)
        if looked.modelled
        else None,
        segments=groups(counted, score, rows.segment, **draw),
        plans=groups(counted, score, rows.plan, **draw),
    )


def _score(counted: LookedAt) -> Floats:
    return columns_of(counted).get(IN_USE, np.full(len(counted.p), np.nan))


def _lead(looked: LookedAt, red: Any, *, seed: int, resamples: int) -> Lead:
    return lead(
        looked.cases,
        looked.frames.rows.left_after,
        red,
        seed=seed,
        resamples=resamples,
    )


def _newest(frames: PastFrames, seed: int) -> PastFrames:
    """This will return the rows of the newest day, some of them where there are many."""
    day = frames.rows.day
    places = np.flatnonzero(day == day.max()) if len(day) else np.arange(0)
    if len(places) > DRIFTED:
        places = np.random.default_rng(seed).choice(places, DRIFTED, replace=False)
    return frames.chosen(places)


def _versions(
    frames: PastFrames, earlier: Sequence[Learnt], *, seed: int, resamples: int
) -> tuple[VersionLine, ...]:
    found = (
        version_line(frames.rows, one, horizon=HORIZON, seed=seed, resamples=resamples)
        for one in earlier
    )
    return tuple(line for line in found if line)
