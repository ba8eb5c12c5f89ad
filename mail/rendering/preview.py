"""A template as one contact would get it."""

from dataclasses import dataclass

from django.conf import settings

from accounts.models import Company
from common.mailing import Category
from customers.models import Contact
from mail.calculations.merging import fields_blank
from mail.mails import TemplateMail
from mail.models import OutboxMessage, TemplateVersion
from mail.rendering.bodies import RenderedMail, message_render
from mail.selectors.merging import FIELDS, merge_values, text_chosen


@dataclass(frozen=True, slots=True)
class Preview:
    """A template's words as one contact would get them."""

    mail: RenderedMail
    # The language that was asked for and the one that was there.
    wanted: str
    used: str
    # What the contact leaves empty, in words.
    blank: list[str]

    @property
    def falls_back(self) -> bool:
        """Whether the contact gets another language than the own one."""
        return self.wanted != self.used


def template_preview(
    version: TemplateVersion, contact: Contact, *, company: Company, language: str = ""
) -> Preview:
    """This will make the mail that a contact would get. Nothing is saved or sent."""
    wanted = language or contact.language or settings.LANGUAGE_CODE
    message = OutboxMessage(
        kind=TemplateMail.key,
        category=Category.NEWS,
        data={"version_id": version.pk, "contact_id": contact.pk},
        to_email=contact.email,
        to_name=contact.name,
        language=wanted,
        contact=contact,
        customer=contact.customer,
        message_id="preview@keepwell.invalid",
    )
    used, subject, body = text_chosen(version.texts, wanted)
    values = merge_values(contact, company=company)
    blank = fields_blank(f"{subject}\n{body}", values)
    return Preview(
        mail=message_render(message, masked=True),
        wanted=wanted,
        used=used,
        blank=[str(FIELDS[name]) for name in blank],
    )
