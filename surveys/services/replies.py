"""Getting in touch with somebody who answered, and settling what was said."""

import datetime as dt

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from common.errors import KeepwellError
from customers.models import Event
from customers.services.events import event_record
from mail.models import OutboxMessage
from mail.services.outbox import message_queue
from surveys.events import RESPONSE_REPLIED, RESPONSE_RESOLVED
from surveys.mails.reply import ReplyMail
from surveys.models import Reply, Response
from surveys.selectors.replying import reply_flaw, thread_of
from surveys.services.loop import tasks_close, tasks_return


class UnableToReply(KeepwellError):
    """No mail can or may go to whoever answered."""


class UnableToResolve(KeepwellError):
    """It is not said what was done."""


@transaction.atomic
def reply_send(
    *,
    response: Response,
    text: str,
    by: Actor,
    effect: str,
    now: dt.datetime,
    anyway: bool = False,
) -> Reply:
    """This will write to whoever answered, and note that somebody is in touch.

    `effect` is drawn when the page is shown, so that a double click sends once: the
    second one returns the reply of the first. `anyway` writes also to somebody who asked
    for no reply.
    """
    response = _held(response)
    key = f"surveys.reply:{response.pk}:{effect}"
    before = OutboxMessage.objects.filter(effect_key=key).first()
    if before is not None:
        return Reply.objects.get(response=response, message=before)
    contact = response.contact
    if flaw := reply_flaw(response):
        raise UnableToReply(flaw)
    if response.no_reply and not anyway:
        msg = _("This person asked for no reply. Tick the box to write all the same.")
        raise UnableToReply(msg)
    if contact is None or not text.strip():
        raise UnableToReply(_("Write what you want to say."))
    reply = Reply.objects.create(
        response=response, author=by.user, text=text.strip(), created_at=now
    )
    reply.message = message_queue(
        kind=ReplyMail.key,
        to_email=contact.email,
        data={"reply": reply.pk, "contact_id": contact.pk},
        effect_key=key,
        contact=contact,
        language=contact.language or response.language,
        author=by.user,
        sender=response.version.survey.sender,
        in_reply_to=thread_of(response),
        now=now,
    )
    reply.save(update_fields=["message"])
    _in_touch(response, by.user, now, {"reply": reply.pk})
    return reply


@transaction.atomic
def response_replied(
    *, response: Response, now: dt.datetime, by: User | None = None
) -> bool:
    """This will note that somebody replied elsewhere; False when it was noted before."""
    response = _held(response)
    if response.replied_at is not None:
        return False
    _in_touch(response, by, now, {"elsewhere": True})
    return True


@transaction.atomic
def response_reply_undone(*, response: Response) -> bool:
    """This will put an answer back among those that wait for a reply.

    What was noted by hand is taken back, with its line and its task; a mail that went out
    stays a reply, so then this is False.
    """
    response = _held(response)
    replied_at = response.replied_at
    if replied_at is None or response.replies.exists():
        return False
    response.replied_at = None
    response.handler = None if response.resolved_at is None else response.handler
    response.save(update_fields=["replied_at", "handler"])
    _lines(response, RESPONSE_REPLIED).delete()
    tasks_return(response=response, closed_at=replied_at)
    return True


@transaction.atomic
def response_resolve(
    *, response: Response, resolution: str, by: Actor, now: dt.datetime
) -> bool:
    """This will settle an answer with what was done; False when it was settled before."""
    response = _held(response)
    if not resolution.strip():
        raise UnableToResolve(_("Write what was done."))
    if response.resolved_at is not None:
        return False
    response.resolved_at, response.resolution = now, resolution.strip()
    response.handler = response.handler or by.user
    response.save(update_fields=["resolved_at", "resolution", "handler"])
    event_record(
        customer=response.customer,
        kind=RESPONSE_RESOLVED,
        happened_at=now,
        now=now,
        actor=by.user,
        subject=response,
        data={"response": response.pk, "score": response.score},
    )
    tasks_close(response=response, actor=by.user, now=now)
    return True


@transaction.atomic
def response_reopen(*, response: Response) -> bool:
    """This will take the settling back, and its line with it; False when it is open.

    What was done stays in the box for the next time.
    """
    response = _held(response)
    resolved_at = response.resolved_at
    if resolved_at is None:
        return False
    response.resolved_at = None
    response.save(update_fields=["resolved_at"])
    _lines(response, RESPONSE_RESOLVED).delete()
    tasks_return(response=response, closed_at=resolved_at)
    return True


def _held(response: Response) -> Response:
    """This will read the answer anew and keep others from it until we are done."""
    rows = Response.objects.select_for_update(of=("self",))
    related = ("customer__owner", "contact", "version__survey__sender")
    return rows.select_related(*related).get(pk=response.pk)


def _in_touch(
    response: Response, actor: User | None, now: dt.datetime, data: dict[str, object]
) -> None:
    """This will note the first reply, tell the timeline, and tick the task off."""
    response.replied_at = response.replied_at or now
    response.handler = actor or response.handler
    response.save(update_fields=["replied_at", "handler"])
    event_record(
        customer=response.customer,
        kind=RESPONSE_REPLIED,
        happened_at=now,
        now=now,
        actor=actor,
        subject=response,
        data={"response": response.pk, **data},
    )
    tasks_close(response=response, actor=actor, now=now)


def _lines(response: Response, kind: str) -> "models.QuerySet[Event]":
    lines = Event.objects.filter(customer=response.customer_id, kind=kind)
    return lines.filter(subject_id=str(response.pk))
