"""How mail leaves."""

import copy
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.encoding import punycode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.seen import SeenForm
from mail.calculations.addresses import is_printable
from mail.enums import Security, ServerKind
from mail.forms.carried import carried_secrets, secrets_carry
from mail.models import MailServer
from mail.services.secrets import (
    PASSWORD,
    is_local,
    secrets_readable,
)
from mail.services.server import SHOWN, server_with
from mail.transport.providers import PROVIDERS, Provider, ProviderField

PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?\.?|\[?[0-9a-f:.]*:[0-9a-f:.]*\]?")
PLAIN = tuple(name for name in SHOWN if name != "secrets")
# What must be right before anybody can say where a secret would go.
ROAD = frozenset({"kind", "host", "security", "provider", "provider_api_url"})
PREFIX = "provider_"
FORGET = "forget_"

if TYPE_CHECKING:
    ServerModelForm = forms.ModelForm[MailServer]
else:
    ServerModelForm = forms.ModelForm


def secret_field(label: Any, *, help_text: Any = "") -> forms.CharField:
    """This will make a field that never shows what it holds."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=2000,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class ServerForm(SeenForm, ServerModelForm):
    """The way out. Secrets go in and never come out again."""

    use_required_attribute = False
    alike = gettext_lazy(
        "What is shown is the same as yours. A stored password or key may be another one."
    )

    provider = forms.ChoiceField(
        label=gettext_lazy("Provider"),
        required=False,
        choices=[
            ("", gettext_lazy("Choose")),
            *((key, provider.label) for key, provider in PROVIDERS.items()),
        ],
    )
    port = forms.IntegerField(
        label=gettext_lazy("Port"),
        required=False,
        min_value=1,
        max_value=65535,
        help_text=gettext_lazy("Empty: the usual one of the protection."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    carried = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = MailServer
        fields = [
            "kind",
            "host",
            "port",
            "security",
            "username",
            "provider",
            "per_hour",
            "domain_per_hour",
            "quiet_hours",
        ]
        widgets = {
            "kind": forms.RadioSelect,
            "security": forms.RadioSelect,
            "host": forms.TextInput(
                attrs={"autocomplete": "off", "spellcheck": "false"}
            ),
            "username": forms.TextInput(
                attrs={"autocomplete": "off", "spellcheck": "false"}
            ),
        }
        help_texts = {
            "host": gettext_lazy("Such as mail.example.com"),
            "per_hour": gettext_lazy("Empty: as fast as the server takes it."),
            "domain_per_hour": gettext_lazy("Empty: no limit."),
        }

    def __init__(
        self,
        data: Any = None,
        *,
        stored: MailServer,
        person: int,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, instance=copy.copy(stored), initial=initial)
        self.see(stored, SHOWN)
        self.person = person
        # What was typed and is not saved, and the row as it would be.
        self.pending: dict[str, str] = {}
        self.target = stored
        self.forget: set[str] = set()
        for name in ("per_hour", "domain_per_hour", "quiet_hours"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric"})
        self.fields[PASSWORD] = secret_field(gettext_lazy("Password"))
        chosen = self["provider"].value() or ""
        self.provider_chosen: Provider | None = PROVIDERS.get(chosen)
        for known in self.provider_chosen.fields if self.provider_chosen else ():
            self._add_provider_field(known)
        self._say_what_is_stored()
        if not self.is_bound:
            self._mark_required()

    def _mark_required(self) -> None:
        """This will not call optional what the way out needs, once fields are checked."""
        for known in self.provider_chosen.fields if self.provider_chosen else ():
            self.fields[PREFIX + known.name].required = known.required
        self.fields["host"].required = self.fields["provider"].required = True

    def _add_provider_field(self, known: ProviderField) -> None:
        name = PREFIX + known.name
        if known.secret:
            self.fields[name] = secret_field(known.label, help_text=known.help)
            return
        stored: dict[str, Any] = self.stored.options
        same = self.stored.provider == self.provider_chosen.key  # type: ignore[union-attr]
        self.fields[name] = forms.CharField(
            label=str(known.label),
            help_text=str(known.help),
            required=False,
            max_length=300,
            initial=stored.get(known.name, "") if same else "",
        )

    def _say_what_is_stored(self) -> None:
        """This will offer to remove each stored secret, where there is one."""
        self.stored_secrets = frozenset(secrets_readable(self.stored))
        self.unreadable = bool(self.stored.secrets) and not self.stored_secrets
        for name, key in self._secret_fields():
            if key in self.stored_secrets:
                self.fields[FORGET + name] = forms.BooleanField(
                    label=_("Remove what is stored"), required=False
                )

    def _secret_fields(self) -> list[tuple[str, str]]:
        """This will pair the secret fields with the names under which they are kept."""
        provider = self.provider_chosen
        fields = provider.fields if provider else ()
        return [
            (PASSWORD, PASSWORD),
            *((PREFIX + known.name, known.name) for known in fields if known.secret),
        ]

    def provider_rows(self) -> Iterator[tuple[BoundField, BoundField | None, bool]]:
        """This will yield the chosen provider's fields with what removes a stored one."""
        for known in self.provider_chosen.fields if self.provider_chosen else ():
            yield self._row(PREFIX + known.name, known.name)

    def password_row(self) -> tuple[BoundField, BoundField | None, bool]:
        """This will return the password's field with what removes a stored one."""
        return self._row(PASSWORD, PASSWORD)

    def _row(self, name: str, key: str) -> tuple[BoundField, BoundField | None, bool]:
        forget = self[FORGET + name] if FORGET + name in self.fields else None
        return self[name], forget, key in self.pending

    def clean_host(self) -> str:
        """This will take a name or an address, without anything around it."""
        host = punycode(self.cleaned_data["host"].strip().lower())
        if host and not HOST.fullmatch(host):
            msg = _("Write only the server's name, such as mail.example.com.")
            raise ValidationError(msg)
        return host.strip("[]")

    def clean_username(self) -> str:
        """This will refuse what could end the line in which it is sent."""
        name: str = self.cleaned_data["username"]
        if not is_printable(name):
            raise ValidationError(_("The name holds a control character."))
        return name

    def clean(self) -> dict[str, Any]:
        """This will ask for what the chosen way out can not do without."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("port") and "port" not in self.errors:
            cleaned["port"] = PORTS.get(cleaned.get("security", ""), 587)
        cleaned["options"] = self._options(cleaned)
        self.forget = {
            key for name, key in self._secret_fields() if cleaned.get(FORGET + name)
        }
        if not ROAD & set(self.errors):
            there = self._settle_secrets(cleaned)
            if not self.errors:
                self._ask_for_missing(cleaned, there)
        self._mark_required()
        return cleaned

    def _options(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """This will gather the provider's settings; those stored stay for other ways."""
        if cleaned.get("kind") != ServerKind.PROVIDER:
            cleaned["provider"] = self.stored.provider
            kept: dict[str, Any] = self.stored.options
            return kept
        provider = self.provider_chosen
        found = {
            known.name: cleaned[PREFIX + known.name]
            for known in (provider.fields if provider else ())
            if not known.secret and cleaned.get(PREFIX + known.name)
        }
        address = found.get("api_url", "")
        local = address.startswith("http://") and is_local(
            address.removeprefix("http://").split("/")[0].rsplit(":", 1)[0]
        )
        if address and not address.startswith("https://") and not local:
            self.add_error(PREFIX + "api_url", _("The address begins with https://."))
        return found

    def _settle_secrets(self, cleaned: dict[str, Any]) -> dict[str, str]:
        """This will bring together typed, carried and stored secrets; returns them all."""
        values = {name: cleaned.get(name, getattr(self.stored, name)) for name in PLAIN}
        wanted = server_with(self.stored, values, {})
        typed = {
            key: cleaned[name]
            for name, key in self._secret_fields()
            if cleaned.get(name)
        }
        self.pending = {
            **carried_secrets(cleaned.get("carried", ""), wanted, self.person),
            **typed,
        }
        self.target = server_with(self.stored, values, self.pending, self.forget)
        return secrets_readable(self.target)

    def _ask_for_missing(self, cleaned: dict[str, Any], there: dict[str, str]) -> None:
        kind, missing = cleaned["kind"], []
        if kind == ServerKind.SMTP:
            if not cleaned["host"]:
                self.add_error("host", _("Name the mail server."))
            if cleaned["username"] and not there.get(PASSWORD):
                missing.append(PASSWORD)
            if there.get(PASSWORD) and not cleaned["username"] and self.pending:
                self.add_error("username", _("Type the user name for the password."))
        if kind == ServerKind.PROVIDER:
            provider = self.provider_chosen
            if provider is None:
                self.add_error("provider", _("Choose a provider."))
                return
            lacks = provider.lacks({**cleaned["options"], **there})
            missing += [PREFIX + known.name for known in lacks]
        for name in missing:
            self.add_error(name, self._wanting(name))

    def _wanting(self, name: str) -> str:
        if name.removeprefix(PREFIX) in self.stored_secrets - self.forget:
            return _("Type it again: what is stored was meant for another server.")
        return _("This is needed.")

    def plain_values(self) -> dict[str, Any]:
        """This will return what is saved, but for the secrets."""
        return {name: self.cleaned_data[name] for name in PLAIN}

    def values(self) -> dict[str, Any]:
        """This will return what a conflict compares."""
        return self.plain_values()

    def carry(self) -> None:
        """This will take typed secrets along, sealed, to the page that is shown next."""
        sealed = ""
        if self.pending:
            sealed = secrets_carry(self.pending, self.target, self.person)
        self.put("carried", sealed)

    def afresh(self) -> "ServerForm":
        """This will return the form unchecked, with the fields of the chosen provider."""
        names = [*(self._meta.fields or ()), "seen"]
        typed = {name: self[name].value() for name in names}
        return ServerForm(stored=self.stored, person=self.person, initial=typed)
