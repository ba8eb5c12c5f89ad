"""The mails of this app: a trial, what administrators write, and what packages send."""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Company
from accounts.selectors import company as the_company
from common.mailing import Category, LinkMaker, MailIsPointless, MailKind
from common.sealing import seal, unseal
from customers.models import Contact
from mail.calculations.markup import as_text, blocks
from mail.calculations.merging import filled
from mail.models import OutboxMessage, TemplateVersion
from mail.selectors.merging import merge_values, text_chosen

SEALED = "sealed"
ADDRESS = re.compile(r"(https?://[^\s/]+)/\S+")


class PlainMail(MailKind):
    """Words that were written elsewhere. They are kept sealed until the mail is out."""

    key = "mail.plain"
    label = gettext_lazy("Notice")
    category = Category.SERVICE
    template = "mail/plain"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will read the words, as long as they are kept."""
        if SEALED not in data:
            msg = _("The words of this mail are no longer kept.")
            raise MailIsPointless(msg)
        words: dict[str, Any] = json.loads(unseal(data[SEALED]))
        if link.masked:
            # Nobody knows which of these addresses open something.
            words["words_text"] = ADDRESS.sub(r"\1/…", words["words_text"])
        return words

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will return the subject as it was written."""
        return str(facts["words_subject"])


def plain_data(*, subject: str, text: str) -> dict[str, str]:
    """This will return what a message of this kind carries."""
    words = {"words_subject": " ".join(subject.split()), "words_text": text}
    return {SEALED: seal(json.dumps(words))}


class TestMail(MailKind):
    """A person's question whether mail arrives; `data` needs nothing."""

    __test__ = False  # no class of tests, whatever pytest makes of the name
    key = "mail.test"
    label = gettext_lazy("Test mail")
    category = Category.SERVICE
    template = "mail/test"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will return where the mail comes from."""
        return {"url": link("today"), "host": link.base_url}

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will return the subject line."""
        return _("Mail from Keepwell arrives")


class TemplateMail(MailKind):
    """What an administrator has written, sent to a contact by a person.

    `data`: version_id and contact_id; with test=True it goes to the person instead.
    """

    key = "mail.letter"
    label = gettext_lazy("Mail from a template")
    category = Category.NEWS
    template = "mail/letter"
    # A person has pressed the button: an out-of-office answer is welcome.
    by_hand = True

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will fill the text of the reader's language with the contact's values."""
        version = TemplateVersion.objects.filter(pk=data["version_id"]).first()
        contact = (
            Contact.objects.filter(pk=data["contact_id"])
            .select_related("customer__owner")
            .first()
        )
        return self._filled(
            version, contact, the_company(), test=bool(data.get("test"))
        )

    def facts_of(
        self, message: OutboxMessage, link: LinkMaker, company: Company
    ) -> dict[str, Any]:
        """This will do the same without a query, where the row leads to all of it."""
        contact, customer = message.contact, message.customer
        if contact is None or customer is None or message.template_version is None:
            return self.facts(message.data, link)
        if contact.customer_id == customer.pk:
            contact.customer = customer
        return self._filled(message.template_version, contact, company, test=False)

    def _filled(
        self,
        version: TemplateVersion | None,
        contact: Contact | None,
        company: Company,
        *,
        test: bool,
    ) -> dict[str, Any]:
        if version is None or contact is None:
            msg = _("The contact or the template is gone.")
            raise MailIsPointless(msg)
        values = merge_values(contact, company=company)
        language, subject, body = text_chosen(version.texts, get_language() or "")
        made = blocks(body, values)
        return {
            "line": filled(subject, values),
            "test": test,
            "blocks": made,
            "words": as_text(made),
            "words_language": language,
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will return the subject, marked where it is a test."""
        line = str(facts["line"])
        return _("Test: %(subject)s") % {"subject": line} if facts["test"] else line
