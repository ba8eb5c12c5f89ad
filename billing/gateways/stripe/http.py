"""How questions travel to Stripe.

The library's own client follows redirects (a POST would become a GET), reads passwords from
~/.netrc, keeps connections that the other side may just be closing, and tells a refused
connection and a lost answer by the same error. None of that may happen to a charge.
"""

import ssl
import time
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import requests
import stripe
from urllib3.exceptions import HTTPError, NewConnectionError

CHUNK = 65_536


class NotSent(stripe.APIConnectionError):
    """The connection was never made: certainly nothing was asked."""


class CarefulClient(stripe.HTTPClient):
    """One connection for one question, within so many seconds, asked once."""

    name = "requests"

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def request(  # type: ignore[override]
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **_usage: Any,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        """This will ask once. Raises NotSent, or APIConnectionError when it may have."""
        try:
            with requests.Session() as session:
                # Without a rule of its own it would look into ~/.netrc for one.
                session.auth = _as_it_is
                return self._asked(session, method, url, headers, post_data)
        except (requests.RequestException, HTTPError, OSError) as error:
            _refused(error)

    def close(self) -> None:
        """Nothing is kept open."""

    def _asked(
        self,
        session: requests.Session,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        until = time.monotonic() + self.seconds
        with session.request(
            method,
            url,
            headers=dict(headers or {}),
            data=post_data,
            timeout=self.seconds,
            allow_redirects=False,
            verify=stripe.ca_bundle_path,
            stream=True,
        ) as answer:
            body = b"".join(_parts(answer.raw, until))
            return body, answer.status_code, answer.headers


def _parts(answer: Any, until: float) -> Iterator[bytes]:
    """This will read what comes as it comes: each piece may be just in time, and all of
    them together too late."""
    while part := answer.read1(CHUNK, decode_content=True):
        if time.monotonic() > until:
            msg = "The answer took too long."
            raise requests.ReadTimeout(msg)
        yield part


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _refused(error: Exception) -> NoReturn:
    text = f"{type(error).__name__}: {error}"
    if _never_left(error):
        raise NotSent(text) from error  # type: ignore[no-untyped-call]
    raise stripe.APIConnectionError(text) from error  # type: ignore[no-untyped-call]


def _never_left(error: Exception) -> bool:
    """This will tell whether no connection stood, from what requests wraps its causes in.

    Also where nobody proved to be Stripe: the question is sent after the handshake.
    """
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    if isinstance(
        error,
        requests.exceptions.InvalidURL
        | requests.exceptions.InvalidSchema
        | requests.exceptions.MissingSchema
        | requests.exceptions.InvalidHeader,
    ):
        return True
    return any(
        isinstance(cause, NewConnectionError | ssl.SSLCertVerificationError)
        for cause in _causes(error)
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (cause.__cause__, cause.__context__, getattr(cause, "reason", None))
        waiting += [one for one in inner if isinstance(one, BaseException)]
        waiting += [one for one in cause.args if isinstance(one, BaseException)]
