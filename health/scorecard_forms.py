"""The small forms of scorecards: setup, publishing, importing."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from common.seen import SeenForm
from customers.models import Segment
from health.models import Scorecard
from health.scorecard_file import (
    LARGEST_FILE,
    LONGEST_NAME,
    LONGEST_NOTE,
    ScorecardFile,
    scorecard_read,
)
from health.scorecard_yaml import UnableToReadScorecard
from health.services.scorecards.setup import FIELDS, SetupValues, setup_values

NEW = "new"


class SetupForm(SeenForm, forms.Form):
    """What a scorecard is called and for whom it is."""

    name = forms.CharField(
        label=lazy("Name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    priority = forms.IntegerField(
        label=lazy("Priority"),
        min_value=1,
        max_value=9999,
        help_text=lazy(
            "Where several scorecards name a segment, the one with the lowest number"
            " scores it; of equal ones the older."
        ),
    )
    segments = forms.TypedMultipleChoiceField(
        label=lazy("Segments"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy("Customers of these segments are scored by it."),
    )

    def __init__(self, data: Any = None, *, stored: Scorecard | None = None) -> None:
        """Without `stored` it is the form of a new scorecard."""
        values = setup_values(stored) if stored else None
        super().__init__(data, initial=_initial(values))
        chosen: Any = self.fields["segments"]
        chosen.choices = list(
            Segment.objects.order_by("name", "pk").values_list("pk", "name")
        )
        if values:
            self.see(values, FIELDS)  # type: ignore[arg-type]
        if stored and stored.is_default:
            del self.fields["priority"], self.fields["segments"]

    def typed(self) -> SetupValues:
        """This will return what is to be saved."""
        data = self.cleaned_data
        return SetupValues(
            data["name"], data.get("priority", 10), sorted(data.get("segments", []))
        )

    def values(self) -> dict[str, Any]:
        """This will return what is to be saved, by field."""
        typed = self.typed()
        return {name: getattr(typed, name) for name in FIELDS if name in self.fields}


def _initial(values: SetupValues | None) -> dict[str, Any]:
    if values is None:
        return {"priority": 10}
    return {name: getattr(values, name) for name in FIELDS}


class PublishForm(forms.Form):
    """Why something is put in use."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)
    note = forms.CharField(
        label=lazy("Note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=lazy(
            "What is different, and why. It stands in the history for good."
        ),
        error_messages={"required": lazy("Write a note: what is different, and why.")},
    )

    def show(self, seen: str) -> None:
        """This will come back with what is there by now, to be looked at again."""
        data: Any = self.data
        self.data = data.copy()
        self.data["seen"] = seen  # type: ignore[index]


class ImportForm(forms.Form):
    """A file, and whose draft it becomes."""

    file = forms.FileField(
        label=lazy("YAML file"),
        help_text=lazy(
            "One that was exported here, changed as you like. At most 100 KB."
        ),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )
    into = forms.ChoiceField(
        label=lazy("Becomes the draft of"),
        help_text=lazy("Nothing is in use before you publish it."),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, cards: Sequence[Scorecard]
    ) -> None:
        """`cards` are the scorecards without a draft."""
        super().__init__(data, files)
        self.cards = {str(card.pk): card for card in cards}
        chosen: Any = self.fields["into"]
        chosen.choices = [
            (NEW, _("A new scorecard, named as in the file")),
            *((key, card.label) for key, card in self.cards.items()),
        ]

    def clean_file(self) -> ScorecardFile | None:
        """This will read the file; every line that is wrong is an error of its own."""
        file = self.cleaned_data["file"]
        try:
            # One byte more than is allowed: the reader says that it is too much.
            return scorecard_read(file.read(LARGEST_FILE + 1))
        except UnableToReadScorecard as error:
            raise forms.ValidationError(error.lines) from error

    @property
    def card(self) -> Scorecard | None:
        """The scorecard that was chosen, None for a new one."""
        return self.cards.get(self.cleaned_data["into"])
