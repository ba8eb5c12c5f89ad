"""Connecting a gateway."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.enums import GatewayKind
from billing.gateways.choose import gateway_class
from billing.models import GatewayAccount
from billing.services.gateways.accounts import AccountValues

LONGEST = 500


def secret_field(label: Any, *, help_text: Any) -> forms.CharField:
    """This will make a field that never shows what is stored."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST,
        strip=True,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "new-password", "spellcheck": "false"}
        ),
    )


class GatewayForm(forms.Form):
    """An account. Secrets that are stored are replaced, never shown."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("What you call the account, such as Stripe Europe."),
    )
    key = secret_field(
        _("Secret key"),
        help_text=_(
            "Begins with sk_ or rk_. A restricted key is better: it may read customers, "
            "products, prices, payment methods, subscriptions, invoices, charges, credit "
            "notes and events, and write invoices, subscriptions and portal sessions."
        ),
    )
    hook = secret_field(
        _("Signing secret of the webhook"),
        help_text=_(
            "Shown at the gateway once the webhook's address is entered there."
        ),
    )
    collects = forms.BooleanField(
        label=_("Keepwell retries failed payments"),
        required=False,
        help_text=_(
            "Failed payments are tried again and customers are written to by your dunning "
            "policies. Turn off the gateway's own retries and mails first: otherwise two "
            "schedules try the same card."
        ),
    )
    makes_customers = forms.BooleanField(
        label=_("Add customers that are not here yet"),
        required=False,
        initial=True,
        help_text=_(
            "Otherwise they wait until somebody says whose they are. Nobody is ever "
            "recognised by a name: only by the number in the note keepwell_id, or because "
            "they have the same external id here."
        ),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: GatewayKind,
        account: GatewayAccount | None = None,
    ) -> None:
        initial: dict[str, Any] = {"name": kind.label}
        if account is not None:
            initial = {
                "name": account.name,
                "collects": account.collects,
                "makes_customers": account.makes_customers,
            }
        super().__init__(data, initial=initial)
        gateway = gateway_class(kind)
        if kind != GatewayKind.STRIPE:
            self.fields["key"].help_text = ""
        if not gateway.charges:
            del self.fields["collects"]
        if gateway.carries:
            # Its events tell everything; nothing is ever asked there.
            del self.fields["key"]
        elif account is None:
            # What the page says; an empty one is refused with a text of its own.
            self.fields["key"].required = True

    def values(self) -> AccountValues:
        """This will return what was entered; empty secrets keep what is stored."""
        cleaned = self.cleaned_data
        return AccountValues(
            name=cleaned["name"].strip(),
            key=cleaned.get("key", ""),
            hook=cleaned["hook"],
            collects=cleaned.get("collects", False),
            makes_customers=cleaned["makes_customers"],
        )
