"""The local mailbox: what would have gone out, read by administrators."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.access import for_administrators
from accounts.http import PersonalRequest
from mail.enums import ServerKind
from mail.models import MailboxMessage, MailServer
from mail.selectors.mailbox import letter, mailbox_page
from mail.selectors.outbox import kind_label
from mail.views.frames import holds_frame, mail_frame
from mail.views.reading import look_of, number_of


@require_safe
@for_administrators
def mailbox(request: PersonalRequest) -> HttpResponse:
    """This will list the kept mails, newest first."""
    before = number_of(request, "before")
    server = MailServer.objects.filter(id=1).first() or MailServer()
    content = {
        "page": mailbox_page(before=before),
        "first": not before,
        "in_use": server.kind == ServerKind.MAILBOX,
    }
    return render(request, "mail/mailbox.html", content)


@require_safe
@for_administrators
@holds_frame
def mailbox_message(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will show a kept mail: HTML, text and headers side by side."""
    row = _row(pk)
    content = {
        "row": row,
        "letter": letter(row),
        "kind": kind_label(row.message.kind),
        "look": look_of(request),
    }
    return render(request, "mail/mailbox_message.html", content)


@require_safe
@for_administrators
def mailbox_message_body(request: PersonalRequest, pk: int) -> HttpResponse:
    """This will return a kept mail's HTML for the frame. Its links are real."""
    return mail_frame(letter(_row(pk)).html, links=True, look=look_of(request))


def _row(pk: int) -> MailboxMessage:
    return get_object_or_404(MailboxMessage.objects.select_related("message"), pk=pk)
