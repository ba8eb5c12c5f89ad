"""What administrators type about people, and people about themselves when they arrive."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.forms.choices import (
    currency_choices,
    language_choices,
    zone_choices,
)
from accounts.forms.passwords import NewPasswordForm
from accounts.models import Invitation, Team, User
from accounts.selectors.zones import zone_in_database

ZONE_GUESS = {"data-time-zone": True}


def name_field() -> forms.CharField:
    """This will make the field of a person's name."""
    return forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


def email_field() -> forms.EmailField:
    """This will make the field of an address, kept in lower case."""
    return forms.EmailField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def language_field() -> forms.ChoiceField:
    """This will make the field of a language."""
    return forms.ChoiceField(
        label=_("Language"), choices=language_choices, required=False
    )


class FirstPasswordForm(NewPasswordForm):
    """A password of somebody who never had one here."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, email: str = "", **options: Any
    ) -> None:
        typed = data or {}
        # It must resemble neither name nor address, which may stand in the same form.
        person = User(name=typed.get("name", ""), email=email or typed.get("email", ""))
        super().__init__(data, user=person, **options)
        self.fields["new_password"].label = _("Password")
        self.fields["new_password_again"].label = _("Password once more")
        self.fields["name"].label = _("Your name")


class SetupForm(FirstPasswordForm):
    """The company and its first administrator."""

    # Errors are read in the order of the page.
    field_order = ("company_name", "time_zone", "currency", "name", "email")

    company_name = forms.CharField(
        label=_("Company"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "organization", "autofocus": True}
        ),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        initial="UTC",
        widget=forms.Select(attrs=ZONE_GUESS),
        help_text=_("The nightly run starts by this clock."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=currency_choices,
        initial="EUR",
        help_text=_("Sums over several currencies are shown in this one."),
    )
    name = name_field()
    email = email_field()

    def clean_time_zone(self) -> str:
        """This will refuse a zone that the database does not know: the schedule asks it."""
        zone: str = self.cleaned_data["time_zone"]
        if not zone_in_database(zone):
            raise forms.ValidationError(
                _("The database does not know this time zone. Choose one near it.")
            )
        return zone


class WorkForm(forms.Form):
    """Who somebody is here: shared by inviting and changing."""

    name = name_field()
    email = email_field()
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.CSM)
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.order_by("name", "pk"),
        required=False,
        empty_label=_("No team"),
    )
    language = language_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The browser must not fill in the administrator's own.
        for name in ("name", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_role(self) -> Role:
        """This will return the role itself."""
        return Role(self.cleaned_data["role"])


class InviteForm(WorkForm):
    """Whom to ask to join."""

    field_order = ("email", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].help_text = _("The mail is written in it too.")


class PersonForm(WorkForm):
    """What an administrator may change about a person."""

    CHANGES = ("name", "email", "role", "team", "language", "time_zone")

    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(person, name) for name in self.CHANGES}
        super().__init__(*args, **kwargs)
        zone = cast("forms.ChoiceField", self.fields["time_zone"])
        zone.choices = zone_choices(str(_("The company’s")))


class AcceptForm(FirstPasswordForm):
    """What a person who was invited says about themselves."""

    field_order = ("name",)

    name = name_field()
    language = language_field()
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, widget=forms.Select(attrs=ZONE_GUESS)
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, invitation: Invitation
    ) -> None:
        initial = {"name": invitation.name, "language": invitation.language}
        super().__init__(data, email=invitation.email, initial=initial)
        zone = cast("forms.ChoiceField", self.fields["time_zone"])
        zone.choices = zone_choices(str(_("The company’s")))
