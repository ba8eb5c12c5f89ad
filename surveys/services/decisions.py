"""An administrator's word on whether an answer counts."""

import datetime as dt

from django.db import transaction

from accounts.actor import Actor
from accounts.services.audit import audit_record
from surveys.calculations.flags import counts
from surveys.enums import Decision
from surveys.models import Response
from surveys.services.loop import is_bad, loop_apply

DECIDED = "surveys.response_decided"


@transaction.atomic
def response_decide(
    *, response: Response, decision: Decision, by: Actor, now: dt.datetime
) -> bool:
    """This will count or discount an answer, or leave it to the rule again.

    Its flags stay. A task is made or dropped as the answer now counts or not. False when
    it was decided so before.
    """
    rows = Response.objects.select_for_update(of=("self",))
    response = rows.select_related("customer__owner", "contact").get(pk=response.pk)
    if response.decision == decision:
        return False
    before = {"decision": response.decision, "counted": response.counted}
    was_bad = is_bad(response)
    response.decision, response.counted = decision, counted_by(response, decision)
    response.save(update_fields=["decision", "counted"])
    audit_record(
        by=by,
        action=DECIDED,
        now=now,
        subject=response,
        before=before,
        after={"decision": response.decision, "counted": response.counted},
    )
    loop_apply(response=response, was_bad=was_bad, now=now)
    return True


def counted_by(response: Response, decision: Decision) -> bool:
    """This will return whether an answer counts under a decision."""
    if decision == Decision.NONE:
        return counts(
            flags=response.flags, source=response.source, comment=response.comment
        )
    return decision == Decision.COUNT
