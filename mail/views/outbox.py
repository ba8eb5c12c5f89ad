"""The outbox: every mail, how far it has come, and what a person may do about it."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from accounts.actor import actor_of
from accounts.http import PersonalRequest
from common.errors import KeepwellError
from common.mailing import MailIsPointless
from mail.enums import MessageState, ServerKind
from mail.kinds import UnableToFindKind
from mail.models import MailServer, OutboxMessage
from mail.rendering import RenderedMail, message_render
from mail.selectors.outbox import (
    Line,
    outbox_counts,
    outbox_page,
    reports_of,
)
from mail.services.messages import message_cancel, message_resend
from mail.views.frames import holds_frame, mail_frame
from mail.views.reading import look_of, number_of

MAX_WORDS = 100
MAY_GO_AGAIN = (MessageState.UNKNOWN, MessageState.FAILED)


@require_safe
def mail_home(request: PersonalRequest) -> HttpResponse:
    """This will lead to the outbox."""
    return redirect("outbox")


@require_safe
def outbox(request: PersonalRequest) -> HttpResponse:
    """This will list the mails a person may see, newest first."""
    state, words = _filters(request)
    counts = outbox_counts(request.user, words=words)
    page = outbox_page(
        request.user,
        state=state,
        words=words,
        before=number_of(request, "before"),
        after=number_of(request, "after"),
    )
    content = {
        "now": timezone.now(),
        "chips": _chips(counts, state, words),
        "page": page,
        "older": _link(state, words, before=page.older) if page.older else "",
        "newer": _link(state, words, after=page.newer) if page.newer else "",
        "state": state,
        "words": words,
        "any": bool(counts),
        "unknown": counts.get(MessageState.UNKNOWN, 0),
        "server": MailServer.objects.filter(id=1).first() or MailServer(),
        "mailbox": ServerKind.MAILBOX,
    }
    return render(request, "mail/outbox.html", content)


@require_safe
@holds_frame
def outbox_message(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show how far a mail has come, and the mail itself with closed links."""
    message = _message(request, pk)
    rendered, why = _rendered(message)
    content = {
        "message": message,
        "line": Line(message),
        "now": timezone.now(),
        "reports": reports_of(message),
        "rendered": rendered,
        "why": why,
        "look": look_of(request),
        "may": _may_change(request, message),
        "again": message.state in MAY_GO_AGAIN,
        "waiting": message.state == MessageState.PENDING,
    }
    return render(request, "mail/outbox_message.html", content)


@require_safe
def outbox_message_body(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will return a mail's HTML for the frame, rendered anew; no link opens."""
    rendered, _why = _rendered(_message(request, pk))
    if rendered is None:
        raise Http404
    return mail_frame(rendered.html, links=False, look=look_of(request))


@require_http_methods(["GET", "HEAD", "POST"])
def outbox_resend(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will ask whether a mail is to go out again, and see to it."""
    return _asked(
        request,
        pk,
        template="mail/outbox_resend.html",
        states=MAY_GO_AGAIN,
        act=message_resend,
        done=_("The mail waits to be sent again."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def outbox_cancel(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will ask whether a waiting mail is to be dropped, and see to it."""
    return _asked(
        request,
        pk,
        template="mail/outbox_cancel.html",
        states=(MessageState.PENDING,),
        act=message_cancel,
        done=_("The mail will not be sent."),
    )


def _asked(
    request: PersonalRequest,
    pk: int,
    *,
    template: str,
    states: tuple[MessageState, ...],
    act: Callable[..., object],
    done: str,
) -> HttpResponse:
    message = _message(request, pk)
    if not _may_change(request, message):
        raise PermissionDenied
    back = reverse("outbox_message", args=[pk])
    if request.method == "POST":
        try:
            act(message=message, by=actor_of(request), now=timezone.now())
        except KeepwellError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return HttpResponseRedirect(back)
    if message.state not in states:
        # The page it came from was old.
        return HttpResponseRedirect(back)
    return render(request, template, {"message": message, "line": Line(message)})


def _message(request: PersonalRequest, pk: int) -> OutboxMessage:
    seen = OutboxMessage.objects.visible_to(request.user)
    return get_object_or_404(
        seen.select_related(
            "customer__owner", "contact", "user", "author", "sender",
            "template_version__template",
        ),
        pk=pk,
    )  # fmt: skip


def _may_change(request: PersonalRequest, message: OutboxMessage) -> bool:
    changeable = OutboxMessage.objects.editable_by(request.user)
    return changeable.filter(pk=message.pk).exists()


def _rendered(message: OutboxMessage) -> tuple[RenderedMail | None, str]:
    """This will render a mail with masked tokens, or say why there is nothing to see."""
    try:
        return message_render(message, masked=True), ""
    except (MailIsPointless, UnableToFindKind) as error:
        return None, str(error)


def _filters(request: PersonalRequest) -> tuple[str, str]:
    state = request.GET.get("state", "")
    words = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_WORDS]
    return (state if state in MessageState.values else ""), words


def _chips(counts: dict[str, int], state: str, words: str) -> list[dict[str, object]]:
    """This will make the links that filter by state: all, then every state there is."""
    chips: list[dict[str, object]] = [
        {
            "label": _("All"),
            "count": sum(counts.values()),
            "url": _link("", words),
            "current": not state,
        }
    ]
    chips += [
        {
            "label": one.label,
            "count": counts.get(one.value, 0),
            "url": _link(one.value, words),
            "current": state == one.value,
        }
        for one in MessageState
    ]
    return chips


def _link(state: str, words: str, **place: int) -> str:
    wanted = {"state": state, "q": words, **place}
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{reverse('outbox')}?{query}" if query else reverse("outbox")
