"""Dunning policies: the usual ones, changing them, and which of them an invoice falls under."""

import datetime as dt
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.selectors import company as the_company
from accounts.services.audit import audit_record
from billing.calculations.dunning.situation import Step
from billing.enums import Collection, FinalAction
from billing.models import (
    DunningCase,
    DunningPolicy,
    DunningStep,
    DunningVersion,
    Invoice,
)
from billing.selectors.dunning.policies import (
    Fits,
    Rates,
    converted,
    default_of,
    fits_of,
    policies_in_order,
    policy_digest,
    version_in_use,
)
from billing.selectors.invoices import invoice_sums
from billing.services.dunning.policy_values import (
    PolicyValues,
    UnableToSavePolicy,
    usual_steps,
    values_check,
    values_of,
    values_told,
    values_with,
)
from billing.services.dunning.previewing import PolicyPreview, policy_preview

__all__ = [
    "PolicyPreview",
    "PolicyValues",
    "UnableToSavePolicy",
    "policies_ensure",
    "policies_for",
    "policy_for",
    "policy_preview",
    "policy_retire",
    "policy_save",
    "usual_steps",
    "values_of",
]


def policies_ensure(now: dt.datetime) -> None:
    """This will make the two usual policies where there are none. One query if there are.

    They are made when they are first needed, not by a migration: they are rows like any
    other, named in the language of the installation, and an emptied database has them
    again. Reminders of transfers are off until somebody switches them on; failed charges
    are only tried again at accounts that leave this to us.
    """
    there = set(
        DunningPolicy.objects.filter(
            segment__isnull=True, from_amount__isnull=True, retired_at__isnull=True
        ).values_list("collection", flat=True)
    )
    for collection in Collection:
        if collection not in there:
            _usual_make(collection, now)


@transaction.atomic
def _usual_make(collection: Collection, now: dt.datetime) -> None:
    names = {
        Collection.CHARGE: _("Failed charges"),
        Collection.TRANSFER: _("Overdue transfers"),
    }
    name = names[collection]
    if DunningPolicy.objects.filter(name=name).exists():
        name = f"{name} ({collection.label})"
    # Somebody else's row wins, also one that is committed meanwhile.
    DunningPolicy.objects.bulk_create(
        [
            DunningPolicy(
                name=name,
                collection=collection,
                is_on=collection == Collection.CHARGE,
                on_since=now if collection == Collection.CHARGE else None,
            )
        ],
        ignore_conflicts=True,
    )
    policy = default_of(collection).select_for_update().get()
    if policy.versions.exists():
        return
    values = PolicyValues(
        name=name,
        collection=collection,
        steps=usual_steps(collection),
        final_action=(
            FinalAction.PAUSE if collection == Collection.CHARGE else FinalAction.KEEP
        ),
    )
    _version_make(policy, 1, values, by=None, now=now)


def policy_for(invoice: Invoice, *, now: dt.datetime) -> DunningVersion:
    """This will return the version that an invoice falls under, its policy with it.

    About nine queries.
    """
    return policies_for([invoice], now=now)[invoice.pk]


def policies_for(
    invoices: Sequence[Invoice], *, now: dt.datetime
) -> dict[int, DunningVersion]:
    """This will return the version that each invoice that is owed falls under, by its id.

    The first policy in order of which segment and amount fit, the one for all others
    last. The amount is what is owed, in the company's currency by the rate of the day
    the invoice was issued; without a rate only policies without an amount fit. The
    customers of the invoices are selected along, or read one by one.
    """
    policies_ensure(now)
    rates = Rates({invoice.currency for invoice in invoices}, the_company())
    sums = invoice_sums(invoices)
    policies = list(policies_in_order())
    for policy in policies:
        version_in_use(policy).policy = policy
    return {
        invoice.pk: next(
            version_in_use(policy)
            for policy in policies
            if fits_of(policy).takes(
                collection=invoice.collection,
                segment_id=invoice.customer.segment_id,
                amount=converted(invoice, sums[invoice.pk].owing, rates),
            )
        )
        for invoice in invoices
        if sums[invoice.pk].owing > 0
    }


@transaction.atomic
def policy_save(
    *,
    policy: DunningPolicy | None,
    values: PolicyValues,
    seen: str = "",
    by: Actor,
    now: dt.datetime,
) -> DunningPolicy:
    """This will save a policy, a new one where `policy` is None.

    What cases were opened by stays for them: a version that is used is followed by a new
    one, and one that nobody uses yet is changed in its place. `seen` is the digest of
    what the person saw. Raises UnableToSavePolicy.
    """
    policies_ensure(now)
    values_check(values)
    if policy is None:
        row = _policy_add(values, by, now)
    else:
        row = _policy_change(policy, values, seen, by, now)
    return row


def _policy_add(values: PolicyValues, by: Actor, now: dt.datetime) -> DunningPolicy:
    if values.fits == Fits(values.collection):
        text = _(
            "Choose a segment or an amount: there is a policy for all others already."
        )
        raise UnableToSavePolicy(text)
    row = DunningPolicy(collection=values.collection, **values.policy_fields())
    row.on_since = now if values.is_on else None
    _stored(row)
    _version_make(row, 1, values, by=by, now=now)
    audit_record(
        by=by,
        action="billing.dunning_policy_added",
        now=now,
        subject=row,
        after=values_told(values),
    )
    return row


def _policy_change(
    policy: DunningPolicy, values: PolicyValues, seen: str, by: Actor, now: dt.datetime
) -> DunningPolicy:
    row = DunningPolicy.objects.select_for_update().get(pk=policy.pk)
    if row.retired_at is not None:
        raise UnableToSavePolicy(_("This policy is not in use any more."))
    if seen != policy_digest(row):
        raise UnableToSavePolicy(
            _("Somebody else has changed this meanwhile. Look at it again, then save.")
        )
    if row.collection != values.collection:
        raise UnableToSavePolicy(
            _("What a policy collects cannot be changed. Add another policy instead.")
        )
    is_default = fits_of(row) == Fits(row.collection)
    if is_default is not (values.fits == Fits(values.collection)):
        text = _(
            "The policy for all others has neither segment nor amount, and every other "
            "one has a segment, an amount or both."
        )
        raise UnableToSavePolicy(text)
    version = version_in_use(row)
    before, after = values_told(values_with(row, version)), values_told(values)
    changed = [name for name in after if before[name] != after[name]]
    if not changed and version.note == values.note:
        return row
    if values.is_on and not row.is_on:
        row.on_since = now
    for name, value in values.policy_fields().items():
        setattr(row, name, value)
    _stored(row)
    _version_change(row, version, values, by, now)
    audit_record(
        by=by,
        action="billing.dunning_policy_changed",
        now=now,
        subject=row,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return row


def _stored(row: DunningPolicy) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        text = _("There is another policy of that name. Choose a name of its own.")
        raise UnableToSavePolicy(text) from error


def _version_change(
    row: DunningPolicy,
    version: DunningVersion,
    values: PolicyValues,
    by: Actor,
    now: dt.datetime,
) -> None:
    if (
        values_told(values_with(row, version)) == values_told(values)
        and version.note == values.note
    ):
        return
    if DunningCase.objects.filter(version=version).exists():
        _version_make(row, version.number + 1, values, by=by, now=now)
        return
    version.steps.all().delete()
    DunningVersion.objects.filter(pk=version.pk).update(
        **values.version_fields(), created_at=now, created_by=by.user
    )
    _steps_make(version, values.steps)


def _version_make(
    policy: DunningPolicy,
    number: int,
    values: PolicyValues,
    *,
    by: Actor | None,
    now: dt.datetime,
) -> DunningVersion:
    version = DunningVersion.objects.create(
        policy=policy,
        number=number,
        created_at=now,
        created_by=by.user if by else None,
        **values.version_fields(),
    )
    _steps_make(version, values.steps)
    return version


def _steps_make(version: DunningVersion, steps: Sequence[Step]) -> None:
    DunningStep.objects.bulk_create(
        DunningStep(version=version, kind=kind, day=day)
        for kind, day in sorted({(step.kind, step.day) for step in steps})
    )


@transaction.atomic
def policy_retire(*, policy: DunningPolicy, by: Actor, now: dt.datetime) -> bool:
    """This will take a policy out of use; False when it was before.

    Open cases keep their version. Raises UnableToSavePolicy for the one for all others.
    """
    row = DunningPolicy.objects.select_for_update().get(pk=policy.pk)
    if row.retired_at is not None:
        return False
    if fits_of(row) == Fits(row.collection):
        text = _(
            "The policy for all others stays: something has to count for them. Switch "
            "it off if nothing should be done."
        )
        raise UnableToSavePolicy(text)
    row.retired_at = now
    row.save(update_fields=["retired_at"])
    audit_record(
        by=by,
        action="billing.dunning_policy_retired",
        now=now,
        subject=row,
        after={"name": row.name},
    )
    return True
