"""Where providers report what became of mails. No cookie, no person, no way in."""

import datetime as dt
import logging

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.selectors import company
from mail.models import MailServer
from mail.services.provider_events import provider_report_take
from mail.transport.base import TransportError
from mail.transport.hooks import (
    ForgedReport,
    Report,
    UnreadableReport,
    reports_read,
)

RETRY_SECONDS = "60"
logger = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_hook(request: HttpRequest, provider: str, key: str) -> HttpResponse:
    """This will take a provider's reports: 200 once they are stored for good.

    Some providers knock with GET or HEAD before they begin; that changes nothing. Whoever
    does not know the address gets 404, a forger 403, and no word why. While nothing can be
    stored, 503: every provider tries again.
    """
    try:
        server = _server(provider, key)
        if request.method != "POST":
            return HttpResponse()
        return _taken(server, request, now=timezone.now())
    except (DatabaseError, InterfaceError):
        logger.exception("A provider's report could not be stored.")
        response = _without_log(503)
        response["Retry-After"] = RETRY_SECONDS
        return response


def _server(provider: str, key: str) -> MailServer:
    server = MailServer.objects.filter(id=1).first()
    known = server.webhook_key if server else ""
    # Compared also when there is no key, so that the time tells nothing.
    right = constant_time_compare(key, known)
    if not server or not known or not right or server.provider != provider:
        raise Http404
    return server


def _taken(
    server: MailServer, request: HttpRequest, *, now: dt.datetime
) -> HttpResponse:
    try:
        reports = reports_read(
            server=server, request=request, address=_address(request)
        )
    except (ForgedReport, TransportError):
        # Without the reason, which may hold the address and with it the key.
        logger.warning(
            "A webhook of %s proved nothing and was refused.", server.provider
        )
        return _without_log(403)
    except UnreadableReport:
        logger.warning("A webhook of %s could not be read.", server.provider)
        return _without_log(400)
    for report in sorted(reports, key=_order):
        provider_report_take(report=report, now=now)
    return HttpResponse()


def _without_log(status: int) -> HttpResponse:
    """This will answer so that Django does not log the address, which holds the key."""
    response = HttpResponse(status=status)
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return response


def _order(report: Report) -> str:
    """The same order everywhere, so that two deliveries never wait for each other."""
    return report.event_id


def _address(request: HttpRequest) -> str:
    """This will return the address that the provider was told: some sign it."""
    base = company().base_url.rstrip("/")
    return base + request.path if base else request.build_absolute_uri()
