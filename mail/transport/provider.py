"""Handing mail to a provider's interface, by django-anymail."""

import contextlib
import json
import ssl
import time
import warnings
from typing import Any

import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailConfigurationError,
    AnymailError,
    AnymailRecipientsRefused,
    AnymailWarning,
)
from django.core.mail import EmailMultiAlternatives, get_connection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError

from common.links import link_token
from common.sealing import UnableToUnseal, unseal
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
from mail.transport.providers import ALL_HEADERS, PROVIDERS, Provider, Use

# Seconds to connect, and to wait for each piece of the answer.
TIMEOUT = (10, 30)
# A connection unused for longer may have been hung up by the other side just when we write
# into it, and then nobody knows what became of the mail. A new one is cheaper.
IDLE_SECONDS = 5
REPLY_LENGTH = 500
# What webhooks give back, so that an event finds its message although no receipt came.
METADATA = "keepwell_id"
PURPOSE = "mail.provider"
# 404: the wrong address or sending domain, so ours as well.
OUR_FAULT = {401, 402, 403, 404, 405}
NOT_NOW = {408, 425, 429, 503}
TAKEN = {"sent", "queued"}
# An address or a header that no request can be made of.
NEVER_LEFT = (
    requests.ConnectTimeout,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)
NO_CONNECTION = (
    NewConnectionError,
    ConnectTimeoutError,
    ProxyError,
    ssl.SSLCertVerificationError,
)


def provider_values(server: MailServer) -> dict[str, Any]:
    """This will return the provider's settings, secret ones included, by name."""
    try:
        opened = unseal(server.secrets) if server.secrets else "{}"
    except UnableToUnseal as error:
        raise Unreachable(str(error)) from error
    return {**server.options, **json.loads(opened)}


class ProviderTransport(Transport):
    """A provider's interface over HTTPS. Keeps a connection while mails follow closely."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._backend: Any = None
        self._used = 0.0

    def send(self, email: EmailMultiAlternatives, *, message_id: int) -> Receipt:
        """This will hand over one mail and sort the answer into the four outcomes."""
        backend = self._opened()
        prepared = _prepared(email, self._provider(), message_id)
        try:
            backend.send_messages([prepared])
        except AnymailConfigurationError as error:
            self.close()
            raise Unreachable(_words(error)) from error
        except Exception as error:
            self.close()
            raise outcome(error) from error
        self._used = time.monotonic()
        return _receipt(prepared)

    def check(self) -> str:
        """This will see that all settings are there. No provider offers more for free."""
        self._opened()
        return str(self._provider().label)

    def close(self) -> None:
        """This will end the connection, if there is one; never raises."""
        backend, self._backend = self._backend, None
        if backend is not None:
            with contextlib.suppress(Exception):
                backend.close()

    def _provider(self) -> Provider:
        try:
            return PROVIDERS[self.server.provider]
        except KeyError:
            msg = f"There is no provider “{self.server.provider}”."
            raise Unreachable(msg) from None

    def _opened(self) -> Any:
        if time.monotonic() - self._used > IDLE_SECONDS:
            self.close()
        if self._backend is None:
            backend = _backend(self._provider(), provider_values(self.server))
            backend.open()
            self._backend, self._used = backend, time.monotonic()
        return self._backend


def _backend(provider: Provider, values: dict[str, Any]) -> Any:
    if missing := provider.lacks(values):
        labels = ", ".join(str(field.label) for field in missing)
        msg = f"{provider.label}: {labels}?"
        raise Unreachable(msg)
    with warnings.catch_warnings():
        # "No longer tested against SendGrid": told on the settings page, not in the log.
        warnings.simplefilter("ignore", AnymailWarning)
        return get_connection(
            provider.backend,
            timeout=TIMEOUT,
            # What a provider has no place for (metadata at MailerSend) is left out.
            ignore_unsupported_features=True,
            **provider.settings(values, Use.SEND),
        )


def _prepared(email: Any, provider: Provider, message_id: int) -> Any:
    """This will fit headers to the provider and add what its webhooks give back."""
    # The provider writes its own date.
    refused = provider.refuses | {"date"}
    email.extra_headers = {
        name: value
        for name, value in email.extra_headers.items()
        if provider.refuses != ALL_HEADERS and name.lower() not in refused
    } | dict(provider.adds or {})
    email.metadata = {METADATA: link_token(PURPOSE, message_id)}
    email.track_opens = email.track_clicks = False
    return email


def _receipt(email: Any) -> Receipt:
    status = email.anymail_status
    said = ", ".join(sorted(str(one) for one in status.status or ()))
    words = f"{said} {_body(status.esp_response)}".strip()[:REPLY_LENGTH]
    if status.status and status.status <= TAKEN:
        known = status.message_id
        return Receipt(
            words, str(known) if known and not isinstance(known, set) else ""
        )
    if status.status == {"failed"}:
        raise RefusedForGood(words)
    raise Unclear(words)


def outcome(error: Exception) -> TransportError:
    """This will say which of our outcomes an error of the provider's interface is."""
    words = _words(error)
    if isinstance(error, AnymailRecipientsRefused):
        return _refused(error, words)
    code = getattr(error, "status_code", None)
    if code is not None:
        return _by_status(code, words)
    cause = error.__cause__ if isinstance(error, AnymailAPIError) else error
    if isinstance(cause, requests.RequestException):
        return (Unreachable if _before_sending(cause) else Unclear)(words)
    if isinstance(error, AnymailError):
        # It could not put the mail into the provider's words: nothing has been sent.
        return RefusedForGood(words)
    # A broken answer, a time limit in the middle of the call: anything may have happened.
    return Unclear(words or type(error).__name__)


def _refused(error: AnymailRecipientsRefused, words: str) -> RefusedForGood:
    status = getattr(error.email_message, "anymail_status", None)
    said = status.status if status else set()
    return RefusedForGood(words, dead_address=said == {"invalid"})


def _by_status(code: int, words: str) -> TransportError:
    if code in OUR_FAULT:
        return Unreachable(words)
    if code in NOT_NOW:
        return RefusedForNow(words)
    # 2xx here means an answer that nobody understands; 500, 502 and 504 may come from in
    # front of a provider that has taken the mail.
    return RefusedForGood(words) if 400 <= code < 500 else Unclear(words)


def _before_sending(error: BaseException) -> bool:
    """This will be true when the request has certainly not been written."""
    if isinstance(error, NEVER_LEFT):
        return True
    return any(isinstance(cause, NO_CONNECTION) for cause in _causes(error))


def _causes(error: BaseException) -> list[BaseException]:
    """This will unfold what lies inside an error of requests and urllib3."""
    found: list[BaseException] = []
    queue: list[Any] = [error]
    while queue:
        one = queue.pop()
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            queue += [*one.args, getattr(one, "reason", None)]
    return found


def _words(error: Exception) -> str:
    """This will return the provider's own words, without what we sent."""
    response = getattr(error, "response", None)
    if response is not None:
        return f"{response.status_code} {_body(response)}".strip()[:REPLY_LENGTH]
    return " ".join(str(error.__cause__ or error).split())[:REPLY_LENGTH]


def _body(response: Any) -> str:
    return " ".join(str(getattr(response, "text", "") or "").split())
