"""Any mail server, by SMTP.

Up to the server's "go ahead" (354) nothing can have been taken, so every failure before it
is a definite one. After it only a clear answer counts; anything else is Unclear.
"""

import json
import select
import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr

from django.core.mail import EmailMultiAlternatives
from django.core.mail.utils import DNS_NAME

from common.sealing import UnableToUnseal, unseal
from mail.enums import Security
from mail.models import MailServer
from mail.transport.base import (
    Receipt,
    RefusedForGood,
    RefusedForNow,
    Transport,
    TransportError,
    Unclear,
    Unreachable,
)
from mail.transport.replies import SERVICE_CLOSING, refusal, words

CONNECT_SECONDS = 10
COMMAND_SECONDS = 30
# For everything before the server's go-ahead: a server that answers just in time, again
# and again, must not hold a worker until the task's own limit.
MESSAGE_SECONDS = 60
GOOD_BYE_SECONDS = 2
# MAIL FROM answers that are about this mail and not about us: too large, bad parameter.
ABOUT_THE_MAIL = frozenset({552, 555})


class SmtpTransport(Transport):
    """A connection to the mail server, opened when needed and kept for many mails."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._client: _Client | _TlsClient | None = None
        # Nothing has been refused or begun on it since it was opened.
        self._fresh = False

    def send(self, email: EmailMultiAlternatives, *, message_id: int) -> Receipt:
        """This will hand over one mail. See the module's words on what failures mean."""
        sender, recipient = _envelope(email)
        payload = email.message().as_bytes(linesep="\r\n")
        end = time.monotonic() + MESSAGE_SECONDS
        client = self._begun(sender, recipient, payload, end)
        with self._definite(end):
            self._rcpt(client, recipient)
            client.putcmd("DATA")
            code, said = client.getreply()
        if code != 354:
            raise self._refused(client, code, said)
        return self._deliver(client, payload)

    def check(self) -> str:
        """This will connect, sign in and say NOOP; returns the server's greeting."""
        self.close()
        client = self._open()
        try:
            with _in_time(client, COMMAND_SECONDS):
                code, said = client.noop()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(_said(error)) from error
        finally:
            self.close()
        if code >= 400:
            raise Unreachable(words(code, said))
        return client.greeting

    def close(self) -> None:
        """This will say good-bye, if there is a connection; never raises."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception), _in_time(client, GOOD_BYE_SECONDS):
                client.quit()
            client.close()

    def _drop(self) -> None:
        """This will end the connection without a word: it is broken or out of step."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _open(self) -> "_Client | _TlsClient":
        """This will connect, protect the connection and sign in, or say why not."""
        self._drop()
        try:
            client = _connected(self.server)
        except UnableToUnseal as error:
            raise Unreachable(str(error)) from error
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise Unreachable(_said(error)) from error
        self._client, self._fresh = client, True
        return client

    def _begun(
        self, sender: str, recipient: str, payload: bytes, end: float
    ) -> "_Client | _TlsClient":
        """This will get MAIL FROM accepted, on a new connection if the old one is dead."""
        kept = self._client
        if kept is not None and not _is_quiet(kept):
            self._drop()
        client = self._client or self._open()
        options = _options(client, sender + recipient, payload)
        fresh = self._fresh
        try:
            with _in_time(client, end - time.monotonic()):
                code, said = client.mail(sender, options)
        except ValueError as error:
            self._drop()
            raise RefusedForGood(_said(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            if fresh:
                raise Unreachable(_said(error)) from error
            return self._begun(sender, recipient, payload, end)
        self._fresh = False
        if code == SERVICE_CLOSING and not fresh:
            # It had waited for us long enough.
            self._drop()
            return self._begun(sender, recipient, payload, end)
        if not 200 <= code < 300:
            raise self._refused_sender(client, code, said)
        return client

    def _rcpt(self, client: "_Client | _TlsClient", recipient: str) -> None:
        code, said = client.rcpt(recipient)
        if not 200 <= code < 300:
            raise self._refused(client, code, said, of_recipient=True)

    def _deliver(self, client: "_Client | _TlsClient", payload: bytes) -> Receipt:
        """This will send the mail itself. From its first byte on nothing is certain."""
        try:
            with _in_time(client, COMMAND_SECONDS):
                client.send(_dotted(payload))
                code, said = client.getreply()
        except Exception as error:
            self._drop()
            raise Unclear(_said(error)) from error
        if 200 <= code < 300:
            return Receipt(words(code, said))
        refused = refusal(code, said)
        if refused is None or code == SERVICE_CLOSING:
            self._drop()
        raise refused or Unclear(words(code, said))

    def _refused_sender(
        self, client: "_Client | _TlsClient", code: int, said: bytes
    ) -> TransportError:
        refused = self._refused(client, code, said)
        if isinstance(refused, RefusedForGood) and code not in ABOUT_THE_MAIL:
            return Unreachable(words(code, said))
        return refused

    def _refused(
        self,
        client: "_Client | _TlsClient",
        code: int,
        said: bytes,
        *,
        of_recipient: bool = False,
    ) -> TransportError:
        """This will sort a refusal and make the connection ready for the next mail."""
        refused = refusal(code, said, of_recipient=of_recipient)
        if refused is None or code == SERVICE_CLOSING:
            # An answer that is no answer: out of step.
            self._drop()
            return refused or RefusedForNow(words(code, said))
        try:
            with _in_time(client, COMMAND_SECONDS):
                ready = client.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            ready = False
        if not ready:
            self._drop()
        return refused

    @contextmanager
    def _definite(self, end: float) -> Iterator[None]:
        """Whatever breaks in here has not handed over anything."""
        try:
            with _in_time(self._client, end - time.monotonic()):
                yield
        except ValueError as error:
            # An address that no command can carry.
            self._drop()
            raise RefusedForGood(_said(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise RefusedForNow(_said(error)) from error


class _Greeted:
    """Keeps the first line a server says."""

    greeting = ""

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: object = None
    ) -> tuple[int, bytes]:
        code, said = super().connect(host, port, source_address)  # type: ignore[misc]
        self.greeting = words(code, said)
        return code, said


class _Client(_Greeted, smtplib.SMTP):
    """A connection that begins in the open."""


class _TlsClient(_Greeted, smtplib.SMTP_SSL):
    """A connection that is protected from its first byte."""


def _connected(server: MailServer) -> _Client | _TlsClient:
    """This will connect and sign in; raises OSError and smtplib's errors."""
    client: _Client | _TlsClient
    host, port, name = server.host, server.port, str(DNS_NAME)
    if server.security == Security.TLS:
        safe = ssl.create_default_context()
        client = _TlsClient(host, port, name, timeout=CONNECT_SECONDS, context=safe)
    else:
        client = _Client(host, port, name, timeout=CONNECT_SECONDS)
    try:
        with _in_time(client, COMMAND_SECONDS):
            client.ehlo_or_helo_if_needed()
            if server.security == Security.STARTTLS:
                client.starttls(context=ssl.create_default_context())
                client.ehlo_or_helo_if_needed()
            if server.username:
                client.login(server.username, _password(server))
    except BaseException:
        client.close()
        raise
    return client


def _password(server: MailServer) -> str:
    opened = json.loads(unseal(server.secrets)) if server.secrets else {}
    return str(opened.get("password", ""))


@contextmanager
def _in_time(client: smtplib.SMTP | None, limit: float) -> Iterator[None]:
    """This will end every wait in it after the limit, or the time a command may take."""
    sock = client.sock if client is not None else None
    if limit <= 0:
        msg = "The mail server takes too long."
        raise TimeoutError(msg)
    if sock is not None:
        sock.settimeout(min(limit, COMMAND_SECONDS))
    yield


def _is_quiet(client: smtplib.SMTP) -> bool:
    """This will tell whether a kept connection is still usable.

    Between two mails a server has nothing to say but good-bye.
    """
    if client.sock is None:
        return False
    poll = select.poll()
    poll.register(client.sock, select.POLLIN | select.POLLHUP | select.POLLERR)
    return not poll.poll(0)


def _envelope(email: EmailMultiAlternatives) -> tuple[str, str]:
    """This will return sender and recipient as the protocol spells them."""
    recipients = email.recipients()
    if len(recipients) != 1:
        msg = "One mail goes to one address."
        raise RefusedForGood(msg)
    try:
        return _spelled(email.from_email), _spelled(recipients[0])
    except UnicodeError as error:
        msg = "The part of the address after the @ cannot be the name of a server."
        raise RefusedForGood(msg) from error


def _spelled(address: str) -> str:
    local, _at, domain = parseaddr(address)[1].rpartition("@")
    if not local or not domain:
        msg = f"“{address}” is no email address."
        raise RefusedForGood(msg)
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _options(client: smtplib.SMTP, addresses: str, payload: bytes) -> list[str]:
    """This will announce what the server has to know beforehand."""
    options = [f"size={len(payload)}"] if client.has_extn("size") else []
    if not payload.isascii() and client.has_extn("8bitmime"):
        options.append("body=8bitmime")
    client.command_encoding = "ascii"
    if not addresses.isascii():
        if not client.has_extn("smtputf8"):
            msg = (
                "The address holds letters that this mail server does not know how to "
                "handle (it lacks SMTPUTF8)."
            )
            raise RefusedForGood(msg)
        client.command_encoding = "utf-8"
        options.append("smtputf8")
    return options


def _dotted(payload: bytes) -> bytes:
    """This will end the mail as the protocol wants it: lone dots doubled, one at the end."""
    body = payload.replace(b"\r\n.", b"\r\n..")
    body = b"." + body if body.startswith(b".") else body
    return body + (b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n")


def _said(error: Exception) -> str:
    """This will return the server's words, or the system's where it said nothing."""
    if isinstance(error, smtplib.SMTPResponseException):
        return words(error.smtp_code, error.smtp_error)
    text = " ".join(str(error).split())
    return text or type(error).__name__
