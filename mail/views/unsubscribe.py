"""The page behind "stop these mails", and the mail programs' one click (RFC 8058).

Reached without signing in, without a cookie, without a form token: the link's own token
is what counts. Scanners open every link of a mail, so only a POST changes anything.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.actor import actor_of
from accounts.models import Company
from common.links import link_read
from common.mailing import Category
from mail.enums import SuppressionReason, SuppressionScope
from mail.models import OutboxMessage, Suppression
from mail.rendering.bodies import UNSUBSCRIBE, language_of
from mail.services.suppressions import (
    suppression_add,
    suppression_find,
    suppression_lift,
)

SCOPES = (SuppressionScope.SURVEYS, SuppressionScope.ALL)


@dataclass(frozen=True)
class Link:
    """A genuine link: the mail it stood in, and what it has done so far."""

    message: OutboxMessage | None

    @property
    def email(self) -> str:
        """Whose mail it is; empty after the person was erased."""
        return self.message.to_email if self.message else ""

    @property
    def source(self) -> str:
        """How the list names this link."""
        return f"message:{self.message.pk}" if self.message else ""

    @property
    def scope(self) -> SuppressionScope:
        """What one click stops: surveys from a survey's mail, else all that may stop."""
        if self.message and self.message.category == Category.SURVEY:
            return SuppressionScope.SURVEYS
        return SuppressionScope.ALL

    def done(self) -> Suppression | None:
        """This will return what stops such mail now, the widest first."""
        found = (
            suppression_find(email=self.email, scope=scope)
            for scope in reversed(SCOPES)
        )
        return next((entry for entry in found if entry), None)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """This will show a button (GET), or stop mail at once and say so (POST)."""
    link = _link(token)
    if link is None:
        return _page(request, "mail/unsubscribe_unknown.html", status=404)
    language = language_of(link.message) if link.message else translation.get_language()
    with translation.override(language or settings.LANGUAGE_CODE):
        if not link.email:
            return _page(request, "mail/unsubscribe_erased.html")
        if request.method == "POST":
            _act(request, link)
        done = link.done()
        undo = bool(done and done.source == link.source)
        name = "mail/unsubscribe_done.html" if done else "mail/unsubscribe.html"
        return _page(request, name, link=link, done=done, undo=undo)


def _link(token: str) -> Link | None:
    read = link_read(UNSUBSCRIBE, token)
    # A token that is wrong costs the same query as one that is right.
    message = OutboxMessage.objects.filter(pk=read[0] if read else 0).first()
    return Link(message) if read else None


def _act(request: HttpRequest, link: Link) -> None:
    now, by = timezone.now(), actor_of(request)
    if request.POST.get("act") == "undo":
        own = Suppression.objects.active().filter(source=link.source)
        for entry in own.filter(reason=SuppressionReason.UNSUBSCRIBED):
            suppression_lift(suppression=entry, by=by, now=now)
        return
    asked = request.POST.get("scope", "")
    suppression_add(
        email=link.email,
        scope=asked if asked in SCOPES else link.scope,
        reason=SuppressionReason.UNSUBSCRIBED,
        source=link.source,
        by=by,
        now=now,
    )


def _page(
    request: HttpRequest, name: str, *, status: int = 200, **content: object
) -> HttpResponse:
    company = Company.objects.filter(id=1).first() or Company()
    page = render(
        request, name, {"company_name": company.name, **content}, status=status
    )
    page.headers["Cache-Control"] = "no-store"
    page.headers["Referrer-Policy"] = "no-referrer"
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    page.headers["Content-Language"] = translation.get_language() or ""
    return page
