"""The mail providers that Keepwell knows, as a table: what each needs and what it tells.

Sending and webhooks are django-anymail's; nothing here needs a package beside it. Its own
`ANYMAIL` settings stay empty: everything is passed to it from `MailServer`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Leaves out every header of our own.
ALL_HEADERS = frozenset({"*"})


class Use(Enum):
    """What a setting is for."""

    SEND = "send"
    HOOK = "hook"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ProviderField:
    """A setting: stored in `MailServer.secrets` if secret, else in `.options`, by name."""

    name: str
    label: str | Promise
    secret: bool = False
    required: bool = False
    help: str | Promise = ""
    use: Use = Use.SEND


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider. `webhook` names the view class that reads its events, "" for none.

    Without the settings named in `signed_by` a webhook of the provider would be believed
    unproved, so it is refused.
    """

    key: str
    label: str
    fields: tuple[ProviderField, ...]
    webhook: str = ""
    signed_by: tuple[str, ...] = ()
    # What its webhooks tell, for the page that says how to set them up.
    tells: tuple[str | Promise, ...] = ()
    # Headers that its interface refuses, in lower case; and those it wants to be given.
    refuses: frozenset[str] = frozenset()
    adds: Mapping[str, str] | None = None

    @property
    def backend(self) -> str:
        """The dotted path of the class that sends."""
        return f"anymail.backends.{self.key}.EmailBackend"

    def settings(self, values: Mapping[str, Any], use: Use) -> dict[str, Any]:
        """This will pick what is set for one use, by the names that anymail knows."""
        wanted = (field.name for field in self.fields if field.use in {use, Use.BOTH})
        return {name: values[name] for name in wanted if values.get(name)}

    def lacks(self, values: Mapping[str, Any]) -> list[ProviderField]:
        """This will return the settings without which nothing can be sent."""
        return [
            field
            for field in self.fields
            if field.required and not values.get(field.name)
        ]


def _api_key(use: Use = Use.SEND) -> ProviderField:
    return ProviderField("api_key", _("API key"), secret=True, required=True, use=use)


def _address(*, required: bool = False) -> ProviderField:
    text = (
        _("Where your account lives, for example https://mail.example.com/api/v1.")
        if required
        else _("Only if the provider gave you another one, for example for the EU.")
    )
    return ProviderField(
        "api_url", _("Address of the interface"), required=required, help=text
    )


def _signing(name: str) -> ProviderField:
    return ProviderField(
        name,
        _("Webhook signing key"),
        secret=True,
        help=_("Shown where you set up the webhook. Without it webhooks are refused."),
        use=Use.HOOK,
    )


# For providers that sign nothing; the key in the address is what keeps strangers out.
_BASIC = ProviderField(
    "webhook_secret",
    _("User name and password of the webhook"),
    secret=True,
    help=_("Written as user:password, the same as in the address at the provider."),
    use=Use.HOOK,
)
_BOUNCES = _("Bounces")
_COMPLAINTS = _("Complaints")
_DELIVERIES = _("Deliveries")
_UNSUBSCRIBED = _("Unsubscribes")
_ALL = (_DELIVERIES, _BOUNCES, _COMPLAINTS, _UNSUBSCRIBED)
_HOOKS = "anymail.webhooks."

_TABLE = (
    Provider(
        "brevo",
        "Brevo",
        (_api_key(), _address(), _BASIC),
        _HOOKS + "brevo.BrevoTrackingWebhookView",
        tells=_ALL,
    ),
    Provider(
        "mailersend",
        "MailerSend",
        (
            ProviderField(
                "api_token",
                _("API token"),
                secret=True,
                required=True,
                help=_(
                    "MailerSend drops our headers, also the one to unsubscribe with a click."
                ),
            ),
            _address(),
            _signing("signing_secret"),
        ),
        _HOOKS + "mailersend.MailerSendTrackingWebhookView",
        ("signing_secret",),
        tells=_ALL,
        # Only its dearest plan takes headers; the others refuse the whole mail.
        refuses=ALL_HEADERS,
    ),
    Provider(
        "mailgun",
        "Mailgun",
        (
            _api_key(),
            ProviderField(
                "sender_domain",
                _("Sending domain"),
                help=_("Empty: the domain of the sender's address."),
            ),
            _address(),
            _signing("webhook_signing_key"),
        ),
        _HOOKS + "mailgun.MailgunTrackingWebhookView",
        ("webhook_signing_key",),
        tells=_ALL,
    ),
    Provider(
        "mailjet",
        "Mailjet",
        (
            _api_key(),
            ProviderField("secret_key", _("Secret key"), secret=True, required=True),
            _address(),
            _BASIC,
        ),
        _HOOKS + "mailjet.MailjetTrackingWebhookView",
        tells=_ALL,
        refuses=frozenset({"message-id", "list-id", "feedback-id"}),
    ),
    Provider(
        "mailtrap",
        "Mailtrap",
        (
            ProviderField("api_token", _("API token"), secret=True, required=True),
            _address(),
            _signing("tracking_secret"),
        ),
        _HOOKS + "mailtrap.MailtrapTrackingWebhookView",
        ("tracking_secret",),
        tells=_ALL,
    ),
    Provider(
        "mandrill",
        "Mailchimp Transactional (Mandrill)",
        (_api_key(), _address(), _signing("webhook_key")),
        _HOOKS + "mandrill.MandrillCombinedWebhookView",
        ("webhook_key",),
        tells=(_BOUNCES, _COMPLAINTS, _UNSUBSCRIBED),
    ),
    Provider(
        "postmark",
        "Postmark",
        (
            ProviderField(
                "server_token", _("Server token"), secret=True, required=True
            ),
            ProviderField(
                "message_stream",
                _("Message stream"),
                help=_("Empty: the transactional one."),
            ),
            _address(),
            _BASIC,
        ),
        _HOOKS + "postmark.PostmarkTrackingWebhookView",
        tells=_ALL,
        # Else it writes a Message-ID of its own over ours.
        adds={"X-PM-KeepID": "true"},
    ),
    Provider(
        "resend",
        "Resend",
        (_api_key(), _address(), _signing("signing_secret")),
        # Ours: anymail's needs another package only to compare one signature.
        "mail.transport.svix.ResendWebhookView",
        ("signing_secret",),
        tells=(_DELIVERIES, _BOUNCES, _COMPLAINTS),
    ),
    Provider(
        "scaleway",
        "Scaleway",
        (
            ProviderField("secret_key", _("Secret key"), secret=True, required=True),
            ProviderField("project_id", _("Project ID"), required=True),
            ProviderField("region", _("Region"), help=_("Empty: fr-par.")),
            _address(),
        ),
    ),
    Provider(
        "sendgrid",
        "SendGrid",
        (_api_key(), _address(), _signing("tracking_webhook_verification_key")),
        _HOOKS + "sendgrid.SendGridTrackingWebhookView",
        ("tracking_webhook_verification_key",),
        tells=_ALL,
    ),
    Provider(
        "sparkpost",
        "SparkPost",
        (
            _api_key(),
            ProviderField("subaccount", _("Subaccount")),
            _address(),
            _BASIC,
        ),
        _HOOKS + "sparkpost.SparkPostTrackingWebhookView",
        tells=_ALL,
    ),
    Provider(
        "unisender_go",
        "Unisender Go",
        (_api_key(Use.BOTH), _address(required=True)),
        _HOOKS + "unisender_go.UnisenderGoTrackingWebhookView",
        ("api_key",),
        tells=_ALL,
    ),
)
PROVIDERS: Mapping[str, Provider] = {provider.key: provider for provider in _TABLE}


def provider_form_fields(key: str) -> tuple[ProviderField, ...]:
    """This will return the settings of a provider, in the order to ask for them."""
    return PROVIDERS[key].fields
