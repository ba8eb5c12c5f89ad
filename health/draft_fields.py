"""The fields of the editor of a draft, and what they begin with."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from common.forms import NumberField
from health.measures import MEASURES
from health.measures.base import Measure
from health.scorecard_words import ANCHOR_LABELS, FRESHNESS_LABELS

Config = dict[str, Any]
# More rows of a hand-made request than a measure may have are not looked at.
ROWS = 10


def number_field(label: Any, mark: str = "") -> NumberField:
    """This will make a number; whether one is needed the content's checks say.

    By `mark` the script that shares the whole out while somebody types finds it.
    """
    field = NumberField(label=label, required=False)
    # The form says it once for all of them.
    del field.widget.attrs["autocomplete"]
    if mark:
        field.widget.attrs[f"data-{mark}"] = True
    return field


def measure_fields(measure: Measure, rows: Iterable[int]) -> dict[str, forms.Field]:
    """This will make the fields of a measure with so many steps."""
    key = measure.key

    def label(what: Any) -> str:
        return f"{measure.label}: {what}"

    found: dict[str, forms.Field] = {
        f"{key}-counts": forms.BooleanField(label=label(_("Counts")), required=False),
        f"{key}-weight": number_field(label(_("Weight in the group")), "weight"),
    }
    for place, what in enumerate(ANCHOR_LABELS):
        found[f"{key}-anchor-{place}"] = number_field(label(what))
    for place, what in enumerate(FRESHNESS_LABELS):
        found[f"{key}-fresh-{place}"] = number_field(label(what))
    for row in rows:
        name = f"{key}-step-{row}"
        found[f"{name}-months"] = number_field(label(_("Younger than, months")))
        for place, what in enumerate(ANCHOR_LABELS):
            found[f"{name}-anchor-{place}"] = number_field(label(what))
    return found


def line_values(
    key: str, line: Mapping[str, Any], *, counts: bool
) -> Iterator[tuple[str, Any]]:
    """This will yield what a measure's fields begin with."""
    yield f"{key}-counts", counts
    yield f"{key}-weight", line["weight"]
    for place, anchor in enumerate(line["anchors"]):
        yield f"{key}-anchor-{place}", anchor
    for place, days in enumerate(line["freshness"]):
        yield f"{key}-fresh-{place}", days
    for row, step in enumerate(line.get("by_age") or ()):
        yield f"{key}-step-{row}-months", step["until_months"]
        for place, anchor in enumerate(step["anchors"]):
            yield f"{key}-step-{row}-anchor-{place}", anchor


def group_weights(config: Config) -> dict[str, float]:
    """This will return the groups' weights; without any a group weighs its measures."""
    if config.get("groups"):
        return {row["key"]: row["weight"] for row in config["groups"]}
    weights: dict[str, float] = {}
    for line in config["measures"]:
        key = line["key"]
        own = MEASURES[key].group if key in MEASURES else ""
        group = line.get("group") or own
        weights[group] = weights.get(group, 0) + line["weight"]
    return weights


def with_step(data: Any, key: str) -> Any:
    """This will add an empty step for young customers to what was typed."""
    data = data.copy()
    row = next((i for i in range(ROWS) if f"{key}-step-{i}-months" not in data), None)
    if row is not None:
        data[f"{key}-step-{row}-months"] = ""
    return data


def without_step(data: Any, key: str, row: str) -> Any:
    """This will take a step out of what was typed."""
    data = data.copy()
    for name in list(data):
        if name.startswith(f"{key}-step-{row}-"):
            del data[name]
    return data
