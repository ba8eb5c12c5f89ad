"""Closing the loop: somebody of us gets to know, and gets in touch."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import company as the_company
from common.dates import first_zone, local_day
from customers.enums import TaskState
from customers.models import Task
from customers.services.events import event_record
from customers.services.tasks import (
    UnableToReopenTask,
    task_done,
    task_drop,
    task_ensure,
    task_reopen,
    task_retitle,
)
from mail.calculations.lines import clean_line
from surveys.calculations.scales import LOW, group_of
from surveys.events import RESPONSE_CHANGED, RESPONSE_RECEIVED
from surveys.models import Response
from surveys.selectors.due import reply_due

TASK_TYPE = "survey_answer"
# A title has room for 200 letters; the rest is ours.
LONGEST_NAME = 100
A_MOMENT = dt.timedelta(seconds=1)


def response_follow_up(
    *, response: Response, before: Response | None, now: dt.datetime
) -> None:
    """This will tell the timeline of an answer that was confirmed or changed.

    `before` is the answer as it stood until now, None for a new one. Bad news makes a
    task for the customer's owner, or takes back the open one when it is no longer bad.
    Call it in the transaction of the answer.
    """
    _tell(response, before, now)
    loop_apply(
        response=response, was_bad=before is not None and is_bad(before), now=now
    )


def is_bad(response: Response) -> bool:
    """This will be true of bad news that counts: a detractor, unhappy, a hard time."""
    return response.counted and group_of(response.kind, response.score) == LOW


def loop_apply(*, response: Response, was_bad: bool, now: dt.datetime) -> None:
    """This will make, reword or drop the task of an answer, and set when a reply is due.

    What was dealt with already is left alone, unless the answer has become bad news since
    (`was_bad` says what it was until now). An answer that does not count makes no task:
    it may be a machine's.
    """
    dealt_with = response.replied_at is not None or response.resolved_at is not None
    if not is_bad(response):
        task_drop(
            customer=response.customer, type=TASK_TYPE, reason=reason_of(response), now=now
        )  # fmt: skip
        _due_set(response, None)
    elif not dealt_with or not was_bad:
        _task_make(response, now)


def reason_of(response: Response) -> str:
    """This will return what marks the task of an answer: there is one while it is open."""
    return f"answer-{response.pk}"


def tasks_close(*, response: Response, actor: User | None, now: dt.datetime) -> None:
    """This will tick off the open task of an answer that was dealt with."""
    for task in _tasks(response).filter(state=TaskState.OPEN):
        if actor is None:
            task_drop(
                customer=task.customer, type=task.type, reason=task.reason, now=now
            )
        else:
            task_done(task=task, actor=actor, now=now)


def tasks_return(*, response: Response, closed_at: dt.datetime) -> None:
    """This will open the task again that was ticked off at a moment."""
    for task in _tasks(response).filter(state=TaskState.DONE, closed_at=closed_at):
        try:
            task_reopen(task=task)
        except UnableToReopenTask:
            # A newer one is open for the same answer; one is enough.
            continue


def _tasks(response: Response) -> "models.QuerySet[Task]":
    tasks = Task.objects.filter(
        customer=response.customer_id, type=TASK_TYPE, reason=reason_of(response)
    )
    return tasks.select_related("customer").order_by("id")


def _tell(response: Response, before: Response | None, now: dt.datetime) -> None:
    """This will write the timeline's line: ids and scores, nothing of a person."""
    data = {
        "response": response.pk,
        "survey_kind": str(response.kind),
        "score": response.score,
    }
    if before is None:
        kind, happened_at = RESPONSE_RECEIVED, response.responded_at
    elif (before.score, before.comment) != (response.score, response.comment):
        kind, happened_at = RESPONSE_CHANGED, now
        data["before"] = before.score
    else:
        return
    event_record(
        customer=response.customer,
        kind=kind,
        happened_at=happened_at,
        now=now,
        subject=response,
        data=data,
    )


def _task_make(response: Response, now: dt.datetime) -> None:
    due_at = response.reply_due_at
    if response.replied_at is None and due_at is None:
        due_at = reply_due(now)
        _due_set(response, due_at)
    zone = first_zone(the_company().time_zone)
    title, reason = _title(response), reason_of(response)
    made = task_ensure(
        customer=response.customer,
        type=TASK_TYPE,
        reason=reason,
        title=title,
        # What is due at midnight belongs to the day that ends then.
        due_on=local_day((due_at or reply_due(now)) - A_MOMENT, zone),
        now=now,
    )
    if made is None:
        task_retitle(
            customer=response.customer, type=TASK_TYPE, reason=reason, title=title
        )


def _due_set(response: Response, due_at: dt.datetime | None) -> None:
    # A reply that was given in time stays a reply in time.
    waiting = Response.objects.filter(pk=response.pk, replied_at__isnull=True)
    if waiting.update(reply_due_at=due_at):
        response.reply_due_at = due_at


def _title(response: Response) -> str:
    """This will say what is to be done, in the language of who is to do it."""
    owner = response.customer.owner
    language = owner.language if owner else ""
    name = response.contact.name if response.contact else response.customer.name
    words = {"name": clean_line(name, LONGEST_NAME), "score": response.score}
    with translation.override(language or settings.LANGUAGE_CODE):
        if response.no_reply or response.contact is None:
            return _("Look into the answer of %(name)s: scored %(score)d") % words
        return _("Reply to %(name)s: scored %(score)d") % words
