"""The setup of a survey: in whose name, whom, when, and how often reminded."""

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.seen import SeenForm
from customers.enums import Stage
from mail.models import Sender
from surveys.enums import Counting, Schedule
from surveys.models import Survey
from surveys.selectors.audience_choices import AudienceChoices
from surveys.selectors.triggers import trigger_choices
from surveys.services.surveys import SETUP, survey_wrong

if TYPE_CHECKING:
    SetupModelForm = forms.ModelForm[Survey]
else:
    SetupModelForm = forms.ModelForm

ONE, SOME, ALL = "one", "some", "all"
# Which fields each schedule looks at; the others are left as they are.
ONLY = {
    "every_days": Schedule.EVERY,
    "days_before": Schedule.RENEWAL,
    "trigger": Schedule.EVENT,
    "delay_hours": Schedule.EVENT,
    "share": Schedule.EVENT,
}
COUNTING = [
    (
        Counting.GESTURE,
        gettext_lazy(
            "As soon as the person touches the page. More answers; a mail"
            " scanner would have to drive a real browser."
        ),
    ),
    (
        Counting.SENT,
        gettext_lazy(
            "Only when the person presses Send. Fewer answers, each one deliberate."
        ),
    ),
]


def day_input() -> forms.DateInput:
    """This will make a calendar that browsers understand."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SetupForm(SeenForm, SetupModelForm):
    """Everything about a survey but its words."""

    sender_id = forms.TypedChoiceField(
        label=gettext_lazy("Sender"), required=False, coerce=int, empty_value=None
    )
    contacts = forms.ChoiceField(
        label=gettext_lazy("Contacts per customer"),
        choices=[
            (ONE, gettext_lazy("One: the main contact if possible")),
            (SOME, gettext_lazy("At most as many as this")),
            (ALL, gettext_lazy("All of them")),
        ],
        widget=forms.RadioSelect,
    )
    reminders = forms.TypedChoiceField(
        label=gettext_lazy("Reminders"),
        coerce=int,
        choices=[
            (0, gettext_lazy("No reminder")),
            (1, gettext_lazy("One reminder")),
            (2, gettext_lazy("Two reminders")),
        ],
    )

    class Meta:
        model = Survey
        fields = [name for name in SETUP if name != "sender_id"]
        widgets = {
            "counting": forms.RadioSelect,
            "schedule": forms.RadioSelect,
            "starts_on": day_input(),
            "ends_on": day_input(),
        }
        help_texts = {
            "name": gettext_lazy("Only your own people see it."),
            "starts_on": gettext_lazy("Empty: the day on which you start it."),
            "ends_on": gettext_lazy("Empty: until you close it."),
            "every_days": gettext_lazy(
                "Each customer gets a date of its own, so that answers come in evenly."
            ),
            "share": gettext_lazy(
                "Less than 100 asks a random part, drawn anew for each event."
            ),
            "expires_days": gettext_lazy("After that the link says that it is over."),
        }

    def __init__(
        self,
        data: Any = None,
        *,
        stored: Survey,
        choices: AudienceChoices,
        senders: list[Sender],
        today: dt.date,
    ) -> None:
        self.today = today
        limit = stored.contacts_limit
        how = ALL if limit is None else ONE if limit == 1 else SOME
        initial = {"sender_id": stored.sender_id, "contacts": how}
        initial["contacts_limit"] = limit if how == SOME else 3
        # Checking writes into the instance; what is stored stays as it is.
        super().__init__(data, instance=copy.copy(stored), initial=initial)
        self._offer(stored, choices, senders)
        self.see(stored, SETUP)

    def _offer(
        self, stored: Survey, choices: AudienceChoices, senders: list[Sender]
    ) -> None:
        self.fields["segments"] = _several(
            _("Segments"), choices.segments, stored.segments
        )
        self.fields["stages"] = _several(
            _("Lifecycle stages"), list(Stage.choices), stored.stages
        )
        self.fields["plans"] = _several(_("Plans"), choices.plans, stored.plans)
        self.fields["roles"] = _several(
            _("Contacts’ roles"), choices.roles, stored.roles
        )
        fields: Any = self.fields
        usual = [("", _("The usual sender"))]
        fields["sender_id"].choices = usual + [(one.pk, str(one)) for one in senders]
        fields["counting"].choices = COUNTING
        fields["schedule"].choices = Schedule.choices
        fields["trigger"] = forms.ChoiceField(
            label=_("After"),
            choices=trigger_choices(stored.trigger),
            error_messages={"required": _("Choose what the question follows.")},
        )
        fields["contacts_limit"].label = _("At most")
        fields["contacts_limit"].help_text = ""
        fields["contacts_limit"].required = True

    def clean(self) -> dict[str, Any]:
        """This will keep what the schedule does not look at, and check the rest."""
        super().clean()
        clean: dict[str, Any] = self.cleaned_data
        for name, schedule in ONLY.items():
            if clean.get("schedule") != schedule:
                self.errors.pop(name, None)
                clean[name] = getattr(self.stored, name)
        self._limit(clean)
        before = {name: getattr(self.stored, name) for name in SETUP}
        wrong = survey_wrong(clean, before=before, today=self.today)
        for name, text in wrong.items():
            if name not in self.errors:
                self.add_error(name, ValidationError(text))
        return clean

    def _limit(self, clean: dict[str, Any]) -> None:
        how = clean.get("contacts")
        if how != SOME:
            self.errors.pop("contacts_limit", None)
            clean["contacts_limit"] = None if how == ALL else 1


def _several(
    label: str, choices: list[Any], stored: list[str]
) -> forms.MultipleChoiceField:
    """This will offer what there is, and what is stored although it is no more."""
    known = {key for key, _name in choices}
    gone = [(key, key) for key in stored if key not in known]
    return forms.MultipleChoiceField(
        label=label,
        choices=[*choices, *gone],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked asks all."),
    )
