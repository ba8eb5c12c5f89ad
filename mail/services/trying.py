"""Trying a way out: does it let us in, and what does it say?"""

import threading
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import KeepwellError
from common.locks import Lock, session_lock_on
from mail.models import MailServer
from mail.transport.base import TransportError
from mail.transport.choose import transport_for

# Somebody waits for the page; a web process must not wait for a stranger's server.
PATIENCE = 10.0
LONGEST_ANSWER = 500


class UnableToTry(KeepwellError):
    """The same person is trying already."""


@dataclass(slots=True)
class Answer:
    """What came of it. `words` are the server's own, cut short."""

    good: bool
    words: str
    # Nothing was said within our patience.
    silent: bool = False


@dataclass(slots=True)
class _Attempt:
    server: MailServer
    language: str
    answers: list[Answer] = field(default_factory=list)

    def run(self) -> None:
        with translation.override(self.language):
            transport = transport_for(self.server)
            try:
                answer = Answer(good=True, words=transport.check())
            except TransportError as error:
                answer = Answer(good=False, words=str(error))
            finally:
                transport.close()
        self.answers.append(answer)


def server_try(*, server: MailServer, person: User) -> Answer:
    """This will connect and sign in, send nothing, and say how it went.

    `server` need not be saved. Call it outside any transaction: it may take ten seconds,
    after which the connection is left to its own time limits. A person can try one server
    at a time.
    """
    with session_lock_on(Lock.MAIL_TEST, person.pk) as free:
        if not free:
            raise UnableToTry(_("Your last test is still under way. Wait for it."))
        attempt = _Attempt(server, translation.get_language() or "en")
        # A limit for all of it together, whatever the other side does between two bytes.
        thread = threading.Thread(target=attempt.run, daemon=True)
        thread.start()
        thread.join(PATIENCE)
    if not attempt.answers:
        return Answer(good=False, words="", silent=True)
    answer = attempt.answers[0]
    answer.words = " ".join(answer.words.split())[:LONGEST_ANSWER]
    return answer
