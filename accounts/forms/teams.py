"""What administrators type about teams."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User


class TeamForm(forms.Form):
    """A team's name."""

    name = forms.CharField(
        label=_("Name of the team"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class JoinForm(forms.Form):
    """Who comes into a team."""

    person = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.none(), empty_label=_("Choose")
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Active people who are not in it; also those of other teams.
        others = User.objects.filter(is_active=True).exclude(team=team)
        field = cast("forms.ModelChoiceField[User]", self.fields["person"])
        field.queryset = others.order_by("name", "pk")
