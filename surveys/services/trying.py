"""Sending a survey's mail to oneself."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from mail.models import OutboxMessage
from mail.services.outbox import message_queue
from surveys.mails.invitation import SurveyMail
from surveys.models import Survey
from surveys.selectors.versions import version_newest


@transaction.atomic
def survey_test(
    *, survey: Survey, language: str, effect: str, by: User, now: dt.datetime
) -> OutboxMessage | None:
    """This will send the person the newest words; they are not fixed by it.

    `effect` is drawn when the page is shown, so that a double click sends once: the
    second one returns None.
    """
    version = version_newest(survey)
    return message_queue(
        kind=SurveyMail.key,
        to_email=by.email,
        to_name=by.name,
        data={"version": version.pk, "test": True, "language": language},
        effect_key=f"surveys.test:{effect}",
        language=language,
        user_id=by.pk,
        author=by,
        sender=survey.sender,
        # Whoever presses the button sits there now.
        in_working_hours=False,
        now=now,
    )
