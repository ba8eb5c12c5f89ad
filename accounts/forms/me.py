"""What people type about themselves."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from accounts.forms.choices import language_choices, zone_choices
from accounts.models import User

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
else:
    UserForm = forms.ModelForm


class ProfileForm(UserForm):
    """Name, and how the pages speak, tell the time and look."""

    language = forms.ChoiceField(
        label=_("Language"), choices=language_choices, required=False
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme"]
        labels = {"name": _("Name"), "theme": _("Appearance")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, company_zone: str, **options: Any) -> None:
        super().__init__(*args, **options)
        zone = cast("forms.ChoiceField", self.fields["time_zone"])
        zone.choices = zone_choices(
            _("The company’s (%(zone)s)") % {"zone": company_zone.replace("_", " ")}
        )


class DigestForm(UserForm):
    """Whether, when and how often a summary comes by mail."""

    digest_weekday = forms.TypedChoiceField(
        label=_("Day of the week"),
        coerce=int,
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        help_text=_("For the weekly digest."),
    )

    class Meta:
        model = User
        fields = ["digest", "digest_at", "digest_weekday"]
        labels = {"digest": _("Digest by mail"), "digest_at": _("Time of day")}
        help_texts = {"digest_at": _("By your own clock.")}
        widgets = {
            "digest": forms.RadioSelect,
            "digest_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
