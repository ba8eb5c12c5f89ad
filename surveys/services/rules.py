"""What holds for all surveys."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.changes import differences, digest_of, values_of
from common.errors import KeepwellError
from surveys.models import SurveyRules

FIELDS = ("throttle_days", "new_contact_days", "reply_hours", "keep_days")


class UnableToSaveUnseenRules(KeepwellError):
    """Somebody else has changed the rules since they were shown."""


@transaction.atomic
def rules_change(
    *, values: Mapping[str, int], seen: str, by: Actor, now: dt.datetime
) -> list[str]:
    """This will save the rules and return the names of those that are different now."""
    SurveyRules.objects.get_or_create(id=1)
    rules = SurveyRules.objects.select_for_update().get(id=1)
    if seen != digest_of(rules, FIELDS):
        msg = _("Somebody else has changed the rules meanwhile.")
        raise UnableToSaveUnseenRules(msg)
    before = values_of(rules, values)
    changed = differences(before, values)
    if not changed:
        return []
    for name in changed:
        setattr(rules, name, values[name])
    rules.full_clean()
    rules.save(update_fields=changed)
    audit_record(
        by=by,
        action="surveys.rules_changed",
        now=now,
        subject=rules,
        before={name: before[name] for name in changed},
        after={name: values[name] for name in changed},
    )
    return changed
