"""The editor of a draft: one form for the whole content of a scorecard.

Its fields are named after what they hold, such as `nps-anchor-2`, so that a refused form
comes back as it was typed. Whatever the checks find is put beside its field.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from common.forms import NumberField, PercentField
from common.seen import Conflict
from health.calculations.scorecard import ROLLUPS
from health.calculations.scorecard_changes import config_changes
from health.calculations.scorecard_checks import config_problems
from health.calculations.scorecard_problems import Problem
from health.default_scorecard import default_line
from health.draft_content import TypedContent
from health.draft_fields import (
    ROWS,
    Config,
    group_weights,
    line_values,
    measure_fields,
    number_field,
)
from health.measures import MEASURES
from health.scorecard_change_words import change_parts
from health.scorecard_problem_words import problem_words
from health.scorecard_words import (
    BAND_LABELS,
    GROUP_LABELS,
    ROLLUP_LABELS,
    group_label,
    known_measures,
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
            self.fields[f"group-{key}"] = number_field(label, "group")
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
        content = self._content()
        for problem in config_problems(content.config, known_measures()):
            name = content.field_of(problem.path)
            if name is None or name not in self.errors:
                self.add_error(name, _told(problem))
        return self.cleaned_data

    def config(self) -> Config:
        """This will return the content that was typed."""
        return self._content().config

    def group_of(self, key: str) -> str:
        """This will return the group a measure stands in."""
        group = str(self.proposed[key].get("group", ""))
        return group if group in GROUP_LABELS else MEASURES[key].group

    def _forgive(self, key: str) -> None:
        """This will not mind what stands in the fields of what does not count."""
        for name in [name for name in self.errors if name.startswith(f"{key}-")]:
            del self.errors[name]

    def _content(self) -> TypedContent:
        return TypedContent(self.cleaned_data, rows=self.rows, group_of=self.group_of)

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


def _told(problem: Problem) -> str:
    if problem.code == "share":
        return _("Write a percentage from 0 to 100.")
    return problem_words(problem)
