"""When the mail server does not let us in: everything waits, and the page says why."""

import datetime as dt

from django.db import transaction
from django.db.models.functions import Now

from mail.calculations.backoff import pause_after
from mail.models import MailServer


@transaction.atomic
def trouble_note(*, words: str) -> dt.datetime:
    """This will keep the server's words and return until when nothing is tried.

    The longer it lasts, the longer the pause: half a minute at first, ten at most.
    """
    servers = MailServer.objects.select_for_update(no_key=True)
    server = servers.annotate(moment=Now()).get(id=1)
    moment: dt.datetime = server.moment
    since = server.trouble_since or moment
    server.trouble, server.trouble_at, server.trouble_since = words, moment, since
    server.resumes_at = moment + pause_after(moment - since)
    server.save(update_fields=["trouble", "trouble_at", "trouble_since", "resumes_at"])
    return server.resumes_at


def trouble_clear() -> None:
    """This will go on at once: the server has let us in, or another one was chosen."""
    MailServer.objects.filter(id=1).exclude(trouble_since=None, trouble="").update(
        trouble="", trouble_at=None, trouble_since=None, resumes_at=None
    )
