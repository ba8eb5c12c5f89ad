"""Where gateways tell what has changed. No cookie, no person, no way in."""

import datetime as dt
import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from billing.gateways.base import UnableToRead, UnableToTrust, UnableToTrustTime
from billing.gateways.objects import Hint
from billing.models import GatewayAccount
from billing.services.gateways.access import gateway_of
from billing.services.gateways.hearing import (
    clock_note,
    heard_note,
    hint_take,
    mode_note,
)
from common.sealing import UnableToUnseal

# The largest event of Stripe is some 100 KB.
MOST_BYTES = 256 * 1024
RETRY_SECONDS = "60"
logger = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
def gateway_hook(request: HttpRequest, kind: str, hook_key: str) -> HttpResponse:
    """This will take an event: 200 once it is stored for good, known before or not.

    Whoever does not know the address gets 404; a forger 400, and no word why. While it
    cannot be stored, 503: every provider sends it again.
    """
    if request.method != "POST":
        refusal = _without_log(405)
        refusal["Allow"] = "POST"
        return refusal
    try:
        account, now = _account(kind, hook_key)
        return _taken(account, request, now=now)
    except (DatabaseError, InterfaceError, UnableToUnseal):
        logger.exception("An event of a gateway could not be stored.")
        response = _without_log(503)
        response["Retry-After"] = RETRY_SECONDS
        return response


def _account(kind: str, hook_key: str) -> tuple[GatewayAccount, dt.datetime]:
    """This will find the account, and the database's moment: the one clock of all."""
    rows = GatewayAccount.objects.filter(kind=kind, hook_key=hook_key, is_on=True)
    account = rows.annotate(moment=Now()).first()
    if account is None:
        raise Http404
    return account, account.moment


def _taken(
    account: GatewayAccount, request: HttpRequest, *, now: dt.datetime
) -> HttpResponse:
    try:
        hint = _hint(account, request, now=now)
    except UnableToTrustTime as error:
        clock_note(account=account, seconds=error.seconds, now=now)
        return _without_log(400)
    except (UnableToTrust, UnableToRead) as error:
        logger.warning("An event of %s: %s", account.kind, type(error).__name__)
        return _without_log(400)
    if hint.live is not None and hint.live != account.is_live:
        mode_note(account=account, now=now)
        return HttpResponse()
    hint_take(account=account, hint=hint, now=now)
    heard_note(account=account, hint=hint, now=now)
    return HttpResponse()


def _hint(account: GatewayAccount, request: HttpRequest, *, now: dt.datetime) -> Hint:
    length = request.headers.get("Content-Length", "")
    small = length.isdecimal() and int(length) <= MOST_BYTES
    try:
        body = request.body if small else b""
    except UnreadablePostError:
        body = b""
    return gateway_of(account).hint(body, request.headers, now=now)


def _without_log(status: int) -> HttpResponse:
    """This will answer so that Django does not log the address, which holds the key."""
    response = HttpResponse(status=status)
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return response
