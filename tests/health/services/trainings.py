"""Trainings whose parts have been read already, from a made-up past."""

import datetime as dt
from functools import cache

import numpy as np
import pytest

from health.calculations.past_frames import PastFrames
from health.enums import PartState, TrainingCause
from health.models import Training, TrainingPart
from health.services.scorecards import scorecard_current
from health.services.training import concluding, learning
from health.services.training.learning import Effort
from health.services.training.planning import training_start
from tests.health.calculations.frames import frames_of
from tests.learnt import learnt_past
from tests.world import NOW, TODAY

LITTLE = Effort(resamples=20, strengths=(0.01,))


def learn_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """This will try less, and leave the accuracy page to its own tests."""
    monkeypatch.setattr(learning, "FULL", LITTLE)
    monkeypatch.setattr(concluding, "accuracy_report", lambda **_: {"made": True})


@cache
def past() -> PastFrames:
    """This will put bands and tickets beside the made-up past of tests.learnt."""
    rows = learnt_past()
    risky = rows.features[:, rows.names.index("last_seen")] < 0.4
    return frames_of(
        rows,
        band=np.where(risky, 1, 3).astype(np.int16),
        tickets=np.floor(rows.tenure / 60.0),
    )


def few_leavers() -> PastFrames:
    """This will keep so few customers that the bands know more than a regression."""
    return past().chosen(past().rows.customer < 40)


def read_already(
    frames: PastFrames | None = None, *, as_of: dt.date = TODAY
) -> Training:
    """This will make a training whose two parts are read; it waits for its learning."""
    frames = past() if frames is None else frames
    scorecard_current(now=NOW)
    training = training_start(cause=TrainingCause.ASKED, as_of=as_of, now=NOW)
    training.parts.all().delete()
    days = np.unique(frames.rows.day)
    middle = days[len(days) // 2] if len(days) else 0
    for number, part in enumerate(
        (frames.rows.day < middle, frames.rows.day >= middle)
    ):
        some = frames.chosen(part)
        TrainingPart.objects.create(
            training=training,
            day=as_of - dt.timedelta(days=60 - number),
            first_id=1,
            last_id=2**62,
            state=PartState.DONE,
            rows=some.as_bytes(),
            customers=len(some),
        )
    return training
