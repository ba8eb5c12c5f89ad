"""Trainings and the versions that came of them, for their pages."""

from dataclasses import dataclass

from django.db.models import Count, Q

from health.enums import PartState, TrainingState
from health.models import ForecastVersion, Training

PAGE = 24


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """The newest training and how far it is: parts of the past that are read."""

    training: Training
    done: int
    total: int

    @property
    def under_way(self) -> bool:
        return self.training.state in {TrainingState.COLLECTING, TrainingState.LEARNING}

    @property
    def failed(self) -> bool:
        return self.training.state == TrainingState.FAILED


def training_newest() -> TrainingLine | None:
    """This will return the newest training; None where there was none. One query."""
    done = Count("parts", filter=Q(parts__state=PartState.DONE))
    rows = Training.objects.annotate(read=done, parts_all=Count("parts"))
    row = rows.order_by("-started_at", "-id").first()
    return TrainingLine(row, row.read, row.parts_all) if row else None


def versions_listed(*, before: int | None = None) -> tuple[list[ForecastVersion], int]:
    """This will list versions, the newest first, and the number to go on before; 0 at the end.

    Without their content. One query.
    """
    rows = ForecastVersion.objects.select_related("published_by").defer("content")
    if before:
        rows = rows.filter(number__lt=before)
    found = list(rows.order_by("-number")[: PAGE + 1])
    more = len(found) > PAGE
    return found[:PAGE], found[PAGE - 1].number if more else 0
