"""Who raised a theme, and who of them may be told what was done about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.mailing import Category
from customers.models import Contact
from mail.address import hashes_of
from mail.models import OutboxMessage, Suppression
from mail.selectors.permission import BLOCKED_BY
from surveys.models import Mention, Theme

KIND = "surveys.theme_resolved"


@dataclass(frozen=True, slots=True)
class Raiser:
    """Somebody who raised a theme; `why_not` is empty when the person may be told."""

    contact: Contact
    why_not: str | Promise

    @property
    def may(self) -> bool:
        """Whether a mail may go to the person."""
        return not self.why_not


def effect_of(theme: Theme, contact: Contact) -> str:
    """This will return what makes the news go out once per person and theme."""
    return f"{KIND}:{theme.pk}:{contact.pk}"


def theme_raisers(*, theme: Theme, user: User) -> list[Raiser]:
    """This will list the people who raised a theme, of the customers a person sees.

    By customer and name. Three queries.
    """
    mentions = Mention.objects.filter(theme=theme, removed=False)
    contacts = list(
        Contact.objects.visible_to(user)
        .filter(
            Q(pk__in=mentions.values("response__contact"))
            | Q(pk__in=mentions.values("feedback__contact"))
        )
        .select_related("customer__owner")
        .order_by("customer__name", "name", "pk")
    )
    blocked = _blocked(contacts)
    keys = {effect_of(theme, contact): contact.pk for contact in contacts}
    told = {
        keys[key]
        for key in OutboxMessage.objects.filter(effect_key__in=keys).values_list(
            "effect_key", flat=True
        )
    }
    return [Raiser(contact, _why_not(contact, blocked, told)) for contact in contacts]


def _why_not(contact: Contact, blocked: set[int], told: set[int]) -> str | Promise:
    if contact.pk in told:
        return _("Was told already")
    if contact.left_on:
        return _("Has left")
    if not contact.email:
        return _("Has no email address")
    return _("Wants no such mail") if contact.pk in blocked else ""


def _blocked(contacts: Iterable[Contact]) -> set[int]:
    by_person = {contact.pk: hashes_of(contact.email) for contact in contacts}
    hashes = [one for traces in by_person.values() for one in traces]
    scopes = BLOCKED_BY[Category.NEWS]
    found = set(
        Suppression.objects.active()
        .filter(address_hash__in=hashes, scope__in=scopes)
        .values_list("address_hash", flat=True)
    )
    return {pk for pk, traces in by_person.items() if found & set(traces)}
