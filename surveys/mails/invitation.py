"""The mail that asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Company
from accounts.selectors import company as the_company
from common.links import link_token
from common.mailing import Category, LinkMaker, MailIsPointless, MailKind
from customers.models import Contact
from mail.models import OutboxMessage
from surveys.calculations.scales import scale_of
from surveys.enums import InvitationState, SurveyState
from surveys.models import Invitation, SurveyVersion
from surveys.selectors.links import INVITATION
from surveys.selectors.rules import survey_rules
from surveys.wording import Wording, wording_of


@dataclass(frozen=True, slots=True)
class Button:
    """A number of the scale and where it leads."""

    score: int
    url: str


class SurveyMail(MailKind):
    """The question with its scale. `data`: {"invitation", "number"}, 0 or a reminder's.

    A trial has no invitation: {"version", "test": true} or, for words that are not saved,
    {"content", "kind", "test": true}; its links open nothing.
    """

    key = "surveys.invitation"
    label = gettext_lazy("Survey")
    category = Category.SURVEY
    template = "surveys/mail/invitation"
    in_working_hours = True

    def facts(self, data: Mapping[str, Any], link: LinkMaker) -> dict[str, Any]:
        """This will ask in the reader's language; three queries for an invitation."""
        company = the_company()
        if data.get("test"):
            return _trial(data, link, company)
        return _asked(data, link, company)

    def facts_of(
        self, message: OutboxMessage, link: LinkMaker, company: Company
    ) -> dict[str, Any]:
        """This will do the same with the company that all mails of a batch share."""
        if message.data.get("test"):
            return _trial(message.data, link, company)
        return _asked(message.data, link, company)

    def subject(self, facts: Mapping[str, Any]) -> str:
        """This will return the survey's own line, marked where it reminds or tries."""
        line = str(facts["wording"].texts.subject)
        if facts["test"]:
            return _("Test: %(subject)s") % {"subject": line}
        if facts["reminds"]:
            return _("Reminder: %(subject)s") % {"subject": line}
        return line


def _asked(
    data: Mapping[str, Any], link: LinkMaker, company: Company
) -> dict[str, Any]:
    rows = Invitation.objects.select_related(
        "survey", "version", "customer__owner", "contact"
    )
    row = rows.filter(pk=data["invitation"]).first()
    if row is None or row.contact is None:
        raise MailIsPointless(_("The contact is gone."))
    if not link.masked:
        _check(row)
    row.contact.customer = row.customer
    wording = wording_of(
        row.version, language=row.language, company=company, contact=row.contact
    )
    token = link_token(INVITATION, row.pk, row.generation)
    return {
        **_words(wording, row.survey.kind),
        "scale": [
            Button(score, link("survey_answer_score", score, token=token))
            for score in scale_of(row.survey.kind)
        ],
        "page_url": link("survey_answer", token=token),
        "trap_url": link("survey_answer_trap", token=token),
        "owner": _owner_name(row.contact),
        "every": survey_rules().throttle_days,
        "reminds": data.get("number", 0) > 0,
        "test": False,
    }


def _check(row: Invitation) -> None:
    """This will drop a mail that has nothing left to ask."""
    if row.state == InvitationState.ANSWERED:
        raise MailIsPointless(_("The contact has answered already."))
    if row.survey.state == SurveyState.CLOSED:
        raise MailIsPointless(_("The survey was closed."))
    over = row.expires_at is not None and row.expires_at <= timezone.now()
    if row.state != InvitationState.ASKED or over:
        raise MailIsPointless(_("The time to answer is over."))


def _trial(
    data: Mapping[str, Any], link: LinkMaker, company: Company
) -> dict[str, Any]:
    version, kind = _version(data)
    language = str(data.get("language") or get_language() or "en")
    wording = wording_of(version, language=language, company=company)
    if version.survey_id:
        url = link("survey_preview_page", version.survey_id) + f"?language={language}"
    else:
        url = link("surveys")
    return {
        **_words(wording, kind),
        "scale": [Button(score, url) for score in scale_of(kind)],
        "page_url": url,
        "trap_url": "",
        "owner": "",
        "every": survey_rules().throttle_days,
        "reminds": False,
        "test": not data.get("content"),
    }


def _version(data: Mapping[str, Any]) -> tuple[SurveyVersion, str]:
    if "content" in data:
        return SurveyVersion(content=data["content"]), str(data["kind"])
    rows = SurveyVersion.objects.select_related("survey")
    version = rows.filter(pk=data["version"]).first()
    if version is None:
        raise MailIsPointless(_("The survey is gone."))
    return version, version.survey.kind


def _words(wording: Wording, kind: str) -> dict[str, Any]:
    scale = scale_of(kind)
    return {
        "wording": wording,
        "low": f"{scale[0]} = {wording.texts.low}",
        "high": f"{scale[-1]} = {wording.texts.high}",
        # The frame takes these two instead of the company's.
        "accent": wording.accent,
        "company_name": wording.company_name,
    }


def _owner_name(contact: Contact) -> str:
    owner = contact.customer.owner
    return owner.name if owner and owner.is_active else ""
