"""What keeps a survey from being started."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mail.enums import ServerKind
from mail.models import MailServer, Sender
from surveys.calculations.content import Texts, content_read
from surveys.calculations.parts import missing
from surveys.enums import Schedule
from surveys.models import Survey
from surveys.selectors.parts import part_names
from surveys.selectors.versions import version_newest


@dataclass(frozen=True, slots=True)
class StartFlaw:
    """What is missing, and the address's name where it can be put right."""

    text: str
    page: str


def start_flaws(survey: Survey, *, today: dt.date) -> list[StartFlaw]:
    """This will say what is to be done before anybody is asked. Three queries."""
    flaws = [*_wording(survey), *_sender(survey)]
    if survey.ends_on and survey.ends_on < today:
        text = _("The last day is past. Choose a later one, or none.")
        flaws.append(StartFlaw(text, "survey_setup"))
    if survey.schedule == Schedule.EVENT and not survey.trigger:
        text = _("Choose what the question follows.")
        flaws.append(StartFlaw(text, "survey_setup"))
    return flaws


def _wording(survey: Survey) -> list[StartFlaw]:
    content = content_read(version_newest(survey).content)
    texts = content.texts.get(content.default_language, Texts())
    if not (empty := missing(texts)):
        return []
    names = part_names(survey.kind)
    text = _("In the default language these texts are missing: %(texts)s.")
    told = ", ".join(str(names[part]) for part in empty)
    return [StartFlaw(text % {"texts": told}, "survey_wording")]


def _sender(survey: Survey) -> list[StartFlaw]:
    """This will ask for a sender where mail leaves the house."""
    server = MailServer.objects.filter(id=1).first()
    if server is None or server.kind == ServerKind.MAILBOX:
        return []
    senders = Sender.objects.filter(retired_at=None)
    mine = senders.filter(pk=survey.sender_id) if survey.sender_id else senders.none()
    if mine.exists() or senders.filter(is_default=True).exists():
        return []
    text = _("There is nobody in whose name mail could go out. Add a sender.")
    return [StartFlaw(text, "settings_mail")]
