"""The editor of a draft: one form for the whole content of a scorecard.

Its fields are named after what they hold, such as `nps-anchor-2`, so that a refused form
comes back as it was typed. Whatever the checks find is put beside its field.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from common.forms import NumberField, PercentField
from common.seen import Conflict
from health.calculations.scorecard import ROLLUPS
from health.calculations.scorecard_changes import config_changes
from health.calculations.scorecard_checks import Path, Problem, config_problems
from health.default_scorecard import default_line
from health.draft_fields import (
    ROWS,
    Config,
    group_weights,
    line_values,
    measure_fields,
    number_field,
)
from health.measures import MEASURES
from health.scorecard_words import (
    BAND_LABELS,
    GROUP_LABELS,
    ROLLUP_LABELS,
    change_parts,
    group_label,
    known_measures,
    problem_words,
)


class DraftForm(forms.Form):
    """Everything a scorecard consists of. `config()` is what is to be saved."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    at_risk = NumberField(
        label=lazy("At risk below"),
        required=False,
        help_text=lazy("A score below it is at risk."),
    )
    watch = NumberField(
        label=lazy("Watch below"),
        required=False,
        help_text=lazy(
            "A score below it is watched; from it on a customer is healthy."
        ),
    )
    floor = PercentField(
        label=lazy("How much must be known, in %"),
        required=False,
        help_text=lazy(
            "With less than this share of the weights known, it is unknown."
        ),
    )
    rollup = forms.ChoiceField(
        label=lazy("The score of a customer with children is"),
        choices=[(key, ROLLUP_LABELS[key]) for key in ROLLUPS],
    )

    alike: Any = lazy("What is stored by now is the same as yours.")

    def __init__(
        self,
        data: Any = None,
        *,
        stored: Config,
        seen: str,
        offered: Mapping[str, Any] | None = None,
        opened: str = "",
    ) -> None:
        """`offered` are contents whose anchors a measure takes that does not count yet."""
        self.stored, self.opened = stored, opened
        self.lines = {line["key"]: line for line in stored["measures"]}
        former = {line["key"]: line for line in (offered or {}).get("measures", ())}
        self.proposed = {
            key: self.lines.get(key) or former.get(key) or default_line(key)
            for key in MEASURES
        }
        self.met = False
        self.conflicts: tuple[Conflict, ...] = ()
        super().__init__(data, initial=self._initial(seen))
        for key, label in BAND_LABELS.items():
            self.fields[f"prior-{key}"] = PercentField(label=label, required=False)
        for key in GROUP_LABELS:
            label = f"{group_label(key)}: {_('Weight of the group')}"
            self.fields[f"group-{key}"] = number_field(label)
        self.rows = {key: self._rows(key) for key in MEASURES}
        for key, measure in MEASURES.items():
            self.fields |= measure_fields(measure, self.rows[key])

    def _initial(self, seen: str) -> dict[str, Any]:
        stored = self.stored
        values = {
            "seen": seen,
            "at_risk": stored["bands"]["at_risk"],
            "watch": stored["bands"]["watch"],
            "floor": stored["floor"],
            "rollup": stored.get("rollup", "own"),
        }
        for band, share in stored["prior"].items():
            values[f"prior-{band}"] = share
        weights = group_weights(stored)
        for key in GROUP_LABELS:
            values[f"group-{key}"] = weights.get(key, 0)
        for key, line in self.proposed.items():
            values |= dict(line_values(key, line, counts=key in self.lines))
        return values

    def _rows(self, key: str) -> list[int]:
        """This will number the steps of a measure, as stored or as they came back."""
        if not self.data:
            return list(range(len(self.proposed[key].get("by_age") or ())))
        return [i for i in range(ROWS) if f"{key}-step-{i}-months" in self.data]

    def clean(self) -> dict[str, Any]:
        """This will check the whole content and put every problem beside its field."""
        for key in MEASURES:
            if not self.cleaned_data.get(f"{key}-counts"):
                self._forgive(key)
        content, places = self._content()
        for problem in config_problems(content, known_measures()):
            name = _field_of(problem.path, places)
            if name is None or name not in self.errors:
                self.add_error(name, _told(problem))
        return self.cleaned_data

    def config(self) -> Config:
        """This will return the content that was typed."""
        return self._content()[0]

    def group_of(self, key: str) -> str:
        """This will return the group a measure stands in."""
        group = str(self.proposed[key].get("group", ""))
        return group if group in GROUP_LABELS else MEASURES[key].group

    def _forgive(self, key: str) -> None:
        """This will not mind what stands in the fields of what does not count."""
        for name in [name for name in self.errors if name.startswith(f"{key}-")]:
            del self.errors[name]

    def _content(self) -> tuple[Config, dict[Path, str]]:
        """This will return the content and which field each part of it came from."""
        value = self._value
        places: dict[Path, str] = {
            ("floor",): "floor",
            ("rollup",): "rollup",
            ("bands", "at_risk"): "at_risk",
            ("bands", "watch"): "watch",
        }
        groups = []
        for place, key in enumerate(GROUP_LABELS):
            groups.append({"key": key, "weight": value(f"group-{key}")})
            places["groups", place] = f"group-{key}"
        measures: list[dict[str, Any]] = []
        for key in MEASURES:
            if self.cleaned_data.get(f"{key}-counts"):
                path = ("measures", len(measures))
                measures.append(self._line(key, path, places))
        for band in BAND_LABELS:
            places["prior", band] = f"prior-{band}"
        content = {
            "groups": groups,
            "measures": measures,
            "bands": {"at_risk": value("at_risk"), "watch": value("watch")},
            "floor": value("floor"),
            "rollup": self.cleaned_data.get("rollup", "own"),
            "prior": {band: value(f"prior-{band}") for band in BAND_LABELS},
        }
        return content, places

    def _line(self, key: str, path: Path, places: dict[Path, str]) -> dict[str, Any]:
        places[(*path, "weight")] = f"{key}-weight"
        line: dict[str, Any] = {
            "key": key,
            "group": self.group_of(key),
            "weight": self._value(f"{key}-weight"),
            "anchors": self._list((*path, "anchors"), f"{key}-anchor", 4, places),
            "freshness": self._list((*path, "freshness"), f"{key}-fresh", 3, places),
        }
        steps: list[dict[str, Any]] = []
        for row in self.rows[key]:
            name = f"{key}-step-{row}"
            here = (*path, "by_age", len(steps))
            anchors = self._list((*here, "anchors"), f"{name}-anchor", 4, places)
            months = self._value(f"{name}-months")
            # A row that was added and left empty is none.
            if months is not None or any(one is not None for one in anchors):
                places[(*here, "until_months")] = f"{name}-months"
                steps.append({"until_months": months, "anchors": anchors})
        return line | ({"by_age": steps} if steps else {})

    def _list(
        self, path: Path, name: str, length: int, places: dict[Path, str]
    ) -> list[Any]:
        names = [f"{name}-{place}" for place in range(length)]
        places[path] = names[0]
        for place, one in enumerate(names):
            places[(*path, place)] = one
        return [self._value(one) for one in names]

    def _value(self, name: str) -> float | int | None:
        """This will return a number as JSON keeps it; None where none was typed."""
        value = self.cleaned_data.get(name)
        if not isinstance(value, Decimal):
            return None
        return int(value) if value == value.to_integral_value() else float(value)

    def meet(self, stored: Config, seen: str) -> None:
        """This will show what is stored by now beside what was typed.

        Saved once more, the form is taken at its word.
        """
        self.met = True
        data: Any = self.data
        self.data = data.copy()
        self.data["seen"] = seen  # type: ignore[index]
        self.conflicts = tuple(
            Conflict(*change_parts(change))
            for change in config_changes(stored, self.config())
        )

    def now(self, name: str) -> Any:
        """This will return what a field holds: as stored, or as it was typed."""
        if not self.is_bound:
            return self.initial.get(name)
        self.errors  # noqa: B018 - reading them cleans the form
        return self.cleaned_data.get(name)


def _field_of(path: Path, places: Mapping[Path, str]) -> str | None:
    """This will find the field of a problem: the nearest that holds it."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path)


def _told(problem: Problem) -> str:
    if problem.code == "share":
        return _("Write a percentage from 0 to 100.")
    return problem_words(problem)
