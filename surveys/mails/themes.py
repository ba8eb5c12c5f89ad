"""Mails about themes: to the department in charge, and to those who raised one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Company
from accounts.selectors import company as the_company
from common.links import link_token
from common.mailing import Category, LinkMaker, MailIsPointless, MailKind
from customers.models import Contact
from mail.calculations.markup import as_text, blocks
from mail.calculations.merging import filled
from mail.models import OutboxMessage
from mail.selectors.merging import merge_values, text_chosen
from surveys.enums import ThemeState
from surveys.models import Mention, ThemeLink, ThemeTelling

LINK = "surveys.theme"
SETTLED = (ThemeState.RESOLVED, ThemeState.DECLINED)


class ThemeMail(MailKind):
    """What the mails to a member share. `data` is {"link": id, "generation": n}.

    The comments themselves stay behind the link, which can be ended; a mail cannot.
    """

    category: ClassVar[Category] = Category.SERVICE

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will tell what is asked of whom; pointless once the link is dead."""
        rows = ThemeLink.objects.select_related("theme__department", "member")
        found = rows.filter(pk=data["link"]).first()
        if found is None:
            raise MailIsPointless(_("The member is not in the department any more."))
        ended = found.ended_at or found.theme.state in SETTLED
        if (ended or found.generation != data["generation"]) and not link.masked:
            raise MailIsPointless(_("The link to this theme has ended."))
        token = link_token(LINK, found.pk, int(data["generation"]))
        today = timezone.localdate()
        due_on = found.theme.due_on
        return {
            "theme": found.theme,
            "member": found.member,
            "comments": Mention.objects.filter(
                theme=found.theme, removed=False
            ).count(),
            "due_on": due_on,
            "late": bool(due_on and due_on < today),
            "url": link("theme_link", token=token),
        }


class ThemeAssignedMail(ThemeMail):
    """Asks a member of a department to look into a theme."""

    key = "surveys.theme_assigned"
    label = gettext_lazy("Theme given to a department")
    template = "surveys/mail/theme_assigned"

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will name the theme."""
        return _("Please look into this: %(theme)s") % {"theme": facts["theme"].name}


class ThemeReminderMail(ThemeMail):
    """Reminds a member of a theme that is due soon or overdue."""

    key = "surveys.theme_reminder"
    label = gettext_lazy("Reminder of a theme")
    template = "surveys/mail/theme_reminder"
    in_working_hours = True

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will say how urgent it is."""
        words = {"theme": facts["theme"].name}
        if facts["late"]:
            return _("Overdue: %(theme)s") % words
        return _("Due soon: %(theme)s") % words


class ThemeResolvedMail(MailKind):
    """Tells somebody who raised a theme what was done about it.

    `data` is {"telling": id, "contact_id": id}.
    """

    key = "surveys.theme_resolved"
    label = gettext_lazy("News of a resolved theme")
    category = Category.NEWS
    template = "mail/letter"

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will fill the text of the reader's language with the contact's values."""
        people = Contact.objects.select_related("customer__owner")
        contact = people.filter(pk=data["contact_id"]).first()
        return self._filled(data, contact, the_company())

    def facts_of(
        self, message: OutboxMessage, link: LinkMaker, company: Company
    ) -> dict[str, Any]:
        """This will do the same with one query, where the row leads to the contact."""
        contact, customer = message.contact, message.customer
        if contact is None or customer is None or contact.customer_id != customer.pk:
            return self.facts(message.data, link)
        contact.customer = customer
        return self._filled(message.data, contact, company)

    def _filled(
        self, data: Mapping[str, Any], contact: Contact | None, company: Company
    ) -> dict[str, Any]:
        telling = ThemeTelling.objects.filter(pk=data["telling"]).first()
        if telling is None or contact is None:
            raise MailIsPointless(_("The contact or the theme is gone."))
        values = merge_values(contact, company=company)
        language, subject, body = text_chosen(telling.texts, get_language() or "")
        made = blocks(body, values)
        return {
            "line": filled(subject, values),
            "test": False,
            "blocks": made,
            "words": as_text(made),
            "words_language": language,
        }

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will return the subject as it was written."""
        return str(facts["line"])
