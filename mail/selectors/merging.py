"""What merge fields there are, and what a contact makes of them."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from customers.models import Contact

# The allow-list. Adding a line here and below is all that a new field takes.
FIELDS: Mapping[str, Any] = {
    "contact.first_name": _("First name of the contact"),
    "contact.name": _("Full name of the contact"),
    "contact.title": _("Job title of the contact"),
    "customer.name": _("Name of the customer"),
    "owner.name": _("Full name of the customer’s owner"),
    "owner.first_name": _("First name of the customer’s owner"),
    "company.name": _("Name of our company"),
}


def merge_values(contact: Contact, *, company: Company) -> dict[str, str]:
    """This will return a text for every field, "" where there is nothing to say.

    Two queries unless the contact's customer and its owner were selected along.
    """
    customer = contact.customer
    owner = customer.owner
    return {
        "contact.first_name": first_name(contact.name),
        "contact.name": contact.name,
        "contact.title": contact.title,
        "customer.name": customer.name,
        "owner.name": owner.name if owner else "",
        "owner.first_name": owner.first_name if owner else "",
        "company.name": company.name,
    }


def first_name(name: str) -> str:
    """This will return the first word of a name."""
    return next(iter(name.split()), "")


def text_chosen(texts: Mapping[str, Any], language: str) -> tuple[str, str, str]:
    """This will return language, subject and body: as asked, else the first there is."""
    for code in [language, *dict(settings.LANGUAGES)]:
        if code in texts:
            return code, str(texts[code]["subject"]), str(texts[code]["body"])
    return language, "", ""
