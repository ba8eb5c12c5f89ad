"""Guesses at passwords and codes: one at a time, counted, and refused when too many.

django-axes counts wrong passwords by itself, because they pass through Django's
authentication. Codes of a second factor do not; here they are counted beside them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.db import OperationalError, transaction
from django.http import HttpRequest

from accounts.address import lockout_address
from common.errors import KeepwellError
from common.locks import Lock, transaction_lock_on


class UnableToTry(KeepwellError):
    """Too many were wrong, or too many come at once; the page is replaced by one that
    says when to try again."""


def counted_name(email: str) -> dict[str, str]:
    """This will return under which name somebody's attempts are counted.

    Lower case, so that changing capitals does not give new attempts.
    """
    return {settings.AXES_USERNAME_FORM_FIELD: email.lower()}


@contextmanager
def one_at_a_time(request: HttpRequest, email: str) -> Iterator[None]:
    """This will hold back other attempts at a person from the same address meanwhile.

    Else fifty that come in the same moment were all tried before the first is counted.
    Raises UnableToTry for those that would wait too long.
    """
    with transaction.atomic():
        key = f"{counted_name(email)} {lockout_address(request)}"
        try:
            with transaction.atomic():
                transaction_lock_on(Lock.ATTEMPT, key)
        except OperationalError:
            attempts_close(request, email)
            raise UnableToTry from None
        yield


def attempts_open(request: HttpRequest, email: str) -> bool:
    """This will be true while another attempt may be made."""
    return bool(AxesProxyHandler.is_allowed(request, counted_name(email)))


def attempts_close(request: HttpRequest, email: str) -> None:
    """This will have the answer replaced by the page that says when to try again."""
    AxesProxyHandler.update_request(request)
    request.axes_locked_out = True  # type: ignore[attr-defined]
    request.axes_credentials = counted_name(email)  # type: ignore[attr-defined]


def attempt_failed(request: HttpRequest, email: str) -> None:
    """This will count a wrong one, and close the door when it was one too many."""
    AxesProxyHandler.user_login_failed(
        sender=__name__, credentials=counted_name(email), request=request
    )


def attempts_forget(request: HttpRequest, email: str) -> None:
    """This will forget what was counted from here: the mailbox has proved who it is."""
    address = lockout_address(request)
    if address:
        AxesProxyHandler.reset_attempts(username=email.lower(), ip_address=address)
