"""What people do about a failed payment; each form asks what its action needs."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User

LONGEST_WAIT = 90


class CaseForm(forms.Form):
    """What all of them have: a title, a word about what it means, a button."""

    title: Promise
    button: Promise
    lede: str | Promise = ""
    danger = False

    def __init__(
        self,
        *args: Any,
        today: dt.date,
        hard: bool = False,
        people: list[User] | None = None,
        **options: Any,
    ) -> None:
        self.today, self.hard, self.people = today, hard, people or []
        super().__init__(*args, **options)
        self.prepare()

    def prepare(self) -> None:
        """This will fill in what depends on the case."""


class NotedForm(CaseForm):
    """An action with a word about why."""

    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("Stands on the page of the payment."),
    )


class TryForm(CaseForm):
    title, button = _("Try to charge again now"), _("Try again now")
    lede = _(
        "The usual payment method of the customer is charged once with what is owed now."
    )
    sure = forms.BooleanField(
        label=_("Try it all the same"),
        help_text=_(
            "The bank refused this payment method for good. Unless the customer has told "
            "you otherwise, trying it again brings nothing and may annoy the bank."
        ),
    )

    def prepare(self) -> None:
        """This will ask twice only where the card was refused for good."""
        if not self.hard:
            del self.fields["sure"]


class WaitForm(NotedForm):
    title, button = _("Leave it alone for a while"), _("Leave it alone")
    lede = _(
        "Nothing is charged and nobody is written to until then; a payment that comes in "
        "is still noted. On that day it goes on by itself."
    )
    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def prepare(self) -> None:
        """This will bound the day."""
        self.fields["until"].widget.attrs |= {
            "min": (self.today + dt.timedelta(days=1)).isoformat(),
            "max": (self.today + dt.timedelta(days=LONGEST_WAIT)).isoformat(),
        }
        self.order_fields(["until", "note"])

    def clean_until(self) -> dt.date:
        """This will refuse days that are over or too far."""
        day: dt.date = self.cleaned_data["until"]
        if day <= self.today:
            raise forms.ValidationError(_("Choose a day to come."))
        if day > self.today + dt.timedelta(days=LONGEST_WAIT):
            raise forms.ValidationError(
                _("Choose a day within 90 days; after that, look at it again.")
            )
        return day


class ResumeForm(CaseForm):
    title, button = _("Go on with it"), _("Go on now")
    lede = _("It is no longer left alone: what is due goes on at once.")


class CallForm(NotedForm):
    title, button = _("Log a call"), _("Log the call")
    lede = _(
        "It stands on the customer’s timeline. What is paid within a week of it counts as "
        "brought in by a person."
    )
    note = forms.CharField(
        label=_("What was said"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StopForm(NotedForm):
    title, button = _("Stop collecting"), _("Stop collecting")
    lede = _(
        "Nothing is charged any more and nobody is written to. The invoice stays open and "
        "the subscription runs on. You can take it up again."
    )
    danger = True
    note = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("Stands on the page of the payment."),
    )
    written_off = forms.BooleanField(
        label=_("The money is written off"),
        required=False,
        help_text=_("Counts as written off in what came back and what did not."),
    )


class ReopenForm(CaseForm):
    title, button = _("Take it up again"), _("Take it up again")
    lede = _(
        "Collecting goes on where it was: what was missed meanwhile is not made up for."
    )


class HandOverForm(NotedForm):
    title, button = _("Hand it over"), _("Give the task")
    lede = _(
        "Somebody gets a task to see to this payment. The customer stays with whoever "
        "looks after it."
    )
    person = forms.ChoiceField(label=_("To"))
    note = forms.CharField(
        label=_("What is to be done"), max_length=150, required=False
    )

    def prepare(self) -> None:
        """This will offer those who see the customer."""
        choices = [(str(one.pk), one.name) for one in self.people]
        self.fields["person"].choices = [("", _("Choose")), *choices]  # type: ignore[attr-defined]
        self.order_fields(["person", "note"])

    def chosen(self) -> User:
        """This will return the person that was chosen."""
        chosen = int(self.cleaned_data["person"])
        return next(one for one in self.people if one.pk == chosen)


FORMS: dict[str, type[CaseForm]] = {
    "try": TryForm,
    "call": CallForm,
    "wait": WaitForm,
    "resume": ResumeForm,
    "stop": StopForm,
    "reopen": ReopenForm,
    "hand-over": HandOverForm,
}
