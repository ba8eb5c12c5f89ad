"""What somebody wants to see of the audit log."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_rows import action_words
from accounts.selectors.audit import Reference, Wanted, audit_actors

NOBODY = "nobody"


class AuditFilterForm(forms.Form):
    """Person, kind, what about, and days: all optional, all in the address."""

    who = forms.ChoiceField(label=_("Who"), required=False)
    kind = forms.ChoiceField(label=_("What"), required=False)
    since = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=_("To day"), required=False, widget=forms.DateInput({"type": "date"})
    )
    about = forms.CharField(max_length=130, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # A date field writes days in this form only.
        for name in ("since", "until"):
            self.fields[name].widget.format = "%Y-%m-%d"
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", _("Everybody")),
            (NOBODY, _("Nobody signed in")),
            *((str(one.pk), str(one)) for one in audit_actors()),
        ]
        kinds = ((action, str(words)) for action, words in action_words().items())
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("Everything")),
            *sorted(kinds, key=lambda kind: kind[1].casefold()),
        ]

    def clean_about(self) -> Reference | None:
        """This will read "accounts.user:5"."""
        kind, _sep, key = str(self.cleaned_data["about"]).partition(":")
        return (kind, key) if kind else None

    def clean_until(self) -> dt.date | None:
        """This will refuse a last day before the first."""
        first: dt.date | None = self.cleaned_data.get("since")
        last: dt.date | None = self.cleaned_data["until"]
        if first and last and last < first:
            raise ValidationError(_("The last day lies before the first one."))
        return last

    def wanted(self) -> Wanted:
        """This will return what is asked for; what makes no sense asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        who = asked.get("who", "")
        return Wanted(
            actor_id=int(who) if who and who != NOBODY else None,
            nobody=who == NOBODY,
            action=asked.get("kind", ""),
            subject=asked.get("about"),
            since=_midnight(asked.get("since")),
            until=_midnight(asked.get("until"), days=1),
        )


def _midnight(day: dt.date | None, *, days: int = 0) -> dt.datetime | None:
    """This will return when a day begins where the person is, or a later one."""
    if day is None or day.year >= dt.MAXYEAR:
        return None
    start = dt.datetime.combine(day + dt.timedelta(days=days), dt.time())
    return timezone.make_aware(start)
