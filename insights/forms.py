"""What people may ask of the lists, and how customers are handed over."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from insights.selectors.handover import receivers_for


class ListForm(forms.Form):
    """Filter, name and place of a list; whatever is wrong falls back to the whole list."""

    f = forms.CharField(required=False, max_length=20)
    q = forms.CharField(required=False, max_length=100)
    at = forms.CharField(required=False, max_length=200)

    def asked(self, filters: dict[str, Any]) -> tuple[str, str, str]:
        """This will return filter, words and cursor. The first filter is the whole list."""
        self.is_valid()
        chosen = self.cleaned_data.get("f", "")
        words = self.cleaned_data.get("q", "").replace("\0", "")
        first = next(iter(filters))
        return (
            chosen if chosen in filters else first,
            words,
            self.cleaned_data.get("at", ""),
        )


class ReceiverField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody to take customers over, with what tells two Jonases apart."""

    def label_from_instance(self, obj: User) -> str:
        """This will add the team, or the role where there is none."""
        belongs = obj.team.name if obj.team else obj.get_role_display()
        return f"{obj.name}, {belongs}"


class HandOverForm(forms.Form):
    """To whom customers go, and what goes along."""

    receiver = ReceiverField(
        label=_("To"), queryset=User.objects.none(), empty_label=_("Choose a person")
    )
    note = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=200,
        help_text=_("For the record, for example “parental leave until March”."),
    )
    with_tasks = forms.BooleanField(
        label=_("Open tasks go along"), required=False, initial=True
    )

    def __init__(self, *args: Any, giver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("ReceiverField", self.fields["receiver"])
        field.queryset = receivers_for(giver)


class ChosenForm(forms.Form):
    """Which customers: words to find them by, and those that are ticked."""

    q = forms.CharField(required=False, max_length=100)
    customer = forms.Field(required=False, widget=forms.MultipleHiddenInput)

    def asked(self) -> tuple[str, list[int]]:
        """This will return the words and the ticked numbers; what is no number is no tick."""
        self.is_valid()
        words = self.cleaned_data.get("q", "").replace("\0", "")
        ticked = self.cleaned_data.get("customer") or []
        return words, [
            int(n) for n in ticked if n.isascii() and n.isdigit() and len(n) < 19
        ]
