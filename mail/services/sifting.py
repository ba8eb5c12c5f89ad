"""What is looked at between the claim and the sending: some wait, some never go."""

from mail.enums import Reason
from mail.models import OutboxMessage
from mail.selectors.opening import next_openings
from mail.selectors.permission import Verdict, still_wanted, verdicts
from mail.services.claiming import Batch, message_drop, message_put_back


def batch_sift(batch: Batch) -> list[OutboxMessage]:
    """This will return what may go out now; the rest is dropped or waits, with a reason."""
    now = batch.now()
    judged = verdicts(batch.messages, now=now)
    openings = next_openings(batch.messages, now=now)
    good = []
    for message in batch.messages:
        verdict = judged[message.pk]
        opening = openings.get(message.pk, now)
        if message.expires_at is not None and message.expires_at <= now:
            message_drop(batch, message, reason=Reason.EXPIRED)
        elif not verdict.go:
            verdict_apply(batch, message, verdict)
        elif opening > now:
            message_put_back(batch, message, due_at=opening, reason=Reason.HOURS)
        else:
            good.append(message)
    return good


def verdict_apply(batch: Batch, message: OutboxMessage, verdict: Verdict) -> None:
    """This will drop a message or let it wait."""
    if verdict.drop:
        message_drop(batch, message, reason=verdict.drop)
    else:
        message_put_back(
            batch, message, due_at=verdict.wait_until, reason=verdict.wait_reason
        )


def message_confirm(batch: Batch, message: OutboxMessage) -> bool:
    """This will look once more, after the step to "sending" has been committed.

    Only a question asked after that commit sees everything that was committed before it:
    whoever unsubscribed while the message was still waiting gets no mail. False puts an
    end to it: nothing has gone out.
    """
    if still_wanted(message):
        return True
    fresh = batch.own(message).select_related("contact", "user").first()
    if fresh is None:
        return False
    verdict = verdicts([fresh], now=batch.now())[fresh.pk]
    if verdict.go:
        # Changed in between, such as a corrected address: written anew next time.
        message_put_back(batch, message)
    else:
        verdict_apply(batch, fresh, verdict)
    return False
