"""The editor of a draft, laid out: groups, measures, steps."""

from dataclasses import dataclass, field

from django.forms import BoundField

from health.calculations.scorecard_shares import Shares, shares_of
from health.draft_form import DraftForm
from health.measures import MEASURES
from health.measures.base import Measure
from health.scorecard_words import BAND_LABELS, GROUP_LABELS, group_label


@dataclass(frozen=True, slots=True)
class StepPart:
    """Anchors of young customers."""

    place: int
    months: BoundField
    anchors: list[BoundField]


@dataclass(frozen=True, slots=True)
class MeasurePart:
    """A measure's fields, ready to be laid out."""

    measure: Measure
    counts: BoundField
    weight: BoundField
    anchors: list[BoundField]
    freshness: list[BoundField]
    steps: list[StepPart]
    share: float
    counted: bool
    open: bool

    @property
    def anchors_text(self) -> str:
        """The four anchors on one line, as they stand in the form."""
        values = (anchor.value() for anchor in self.anchors)
        return " · ".join("" if value is None else str(value) for value in values)


@dataclass(frozen=True, slots=True)
class GroupPart:
    """A group's weight and its measures."""

    key: str
    label: str
    weight: BoundField
    share: float
    measures: list[MeasurePart] = field(default_factory=list)


def form_parts(form: DraftForm) -> list[GroupPart]:
    """This will lay a form out: groups with their measures."""
    shares = form_shares(form)
    found = {
        key: GroupPart(
            key, group_label(key), form[f"group-{key}"], shares.groups.get(key, 0.0)
        )
        for key in GROUP_LABELS
    }
    for key, measure in MEASURES.items():
        part = _part(form, measure, shares.measures.get(key, 0.0))
        found[form.group_of(key)].measures.append(part)
    return [group for group in found.values() if group.measures]


def form_priors(form: DraftForm) -> list[BoundField]:
    """This will return the fields of what is assumed without any history."""
    return [form[f"prior-{band}"] for band in BAND_LABELS]


def form_shares(form: DraftForm) -> Shares:
    """This will share the whole out by what stands in the form."""
    groups = {key: _weight(form, f"group-{key}") for key in GROUP_LABELS}
    lines = [
        (key, form.group_of(key), _weight(form, f"{key}-weight"))
        for key in MEASURES
        if form.now(f"{key}-counts")
    ]
    return shares_of(groups, lines)


def _part(form: DraftForm, measure: Measure, share: float) -> MeasurePart:
    key = measure.key
    wrong = any(name.startswith(f"{key}-") for name in form.errors)
    return MeasurePart(
        measure=measure,
        counts=form[f"{key}-counts"],
        weight=form[f"{key}-weight"],
        anchors=[form[f"{key}-anchor-{i}"] for i in range(4)],
        freshness=[form[f"{key}-fresh-{i}"] for i in range(3)],
        steps=[
            StepPart(
                row,
                form[f"{key}-step-{row}-months"],
                [form[f"{key}-step-{row}-anchor-{i}"] for i in range(4)],
            )
            for row in form.rows[key]
        ],
        share=share,
        counted=bool(form.now(f"{key}-counts")),
        open=wrong or key == form.opened,
    )


def _weight(form: DraftForm, name: str) -> float:
    return float(form.now(name) or 0)
