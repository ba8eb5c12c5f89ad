"""Campaigns that are kept by hand. Others come with an import."""

import datetime as dt
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.text import slugify

from accounts.actor import Actor
from accounts.services.audit import audit_record
from common.changes import differences, values_of
from customers.models import Campaign

FIELDS = ("name", "source", "starts_on", "ends_on", "note")
LONGEST_KEY = 90


@dataclass(frozen=True, slots=True)
class CampaignValues:
    """What a person says of a campaign."""

    name: str
    source: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    note: str = ""


@transaction.atomic
def campaign_add(*, values: CampaignValues, by: Actor, now: dt.datetime) -> Campaign:
    """This will keep a new campaign; files name it by the id made of its name."""
    said = asdict(values)
    campaign = Campaign.objects.create(external_id=_free_id(values.name), **said)
    audit_record(
        by=by,
        action="customers.campaign_added",
        now=now,
        subject=campaign,
        after=said,
    )
    return campaign


@transaction.atomic
def campaign_change(
    *, campaign: Campaign, values: CampaignValues, by: Actor, now: dt.datetime
) -> bool:
    """This will rename or change a campaign; False where nothing is different."""
    stored = Campaign.objects.select_for_update().get(pk=campaign.pk)
    before, after = values_of(stored, FIELDS), asdict(values)
    changed = differences(before, after)
    if not changed:
        return False
    for name in changed:
        setattr(stored, name, after[name])
    stored.save(update_fields=changed)
    audit_record(
        by=by,
        action="customers.campaign_changed",
        now=now,
        subject=stored,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return True


def _free_id(name: str) -> str:
    """This will make an id of a name that no campaign has yet. A query per taken one."""
    stem = slugify(name)[:LONGEST_KEY] or "campaign"
    key, number = stem, 1
    while Campaign.objects.filter(external_id=key).exists():
        number += 1
        key = f"{stem}-{number}"
    return key
