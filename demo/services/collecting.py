"""The demo's failed payments: a year of them collected, and some that are today's work."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from accounts.actor import CONSOLE
from billing.calculations.dunning.situation import Step
from billing.enums import Collection, StepKind
from billing.models import DunningPolicy, DunningStep, DunningVersion
from billing.selectors.dunning.policies import policy_digest, version_in_use
from billing.services.dunning.policies import (
    PolicyValues,
    policies_ensure,
    policy_save,
    usual_steps,
)
from demo.calculations.failing import HARD
from demo.services.collected import cases_closed
from demo.services.failed import Failed, failed_rows
from demo.services.failing import cases_opened
from demo.services.gateway import (
    YEAR,
    account_made,
    card_customers,
    collected_there,
    gateway_runs,
    methods_made,
    objects_made,
    ours,
)

# The policy of the first year, and since when there is the usual one.
OLD_STEPS = {
    StepKind.RETRY: (3, 8, 17, 25),
    StepKind.MAIL: (0, 3, 8, 17),
    StepKind.LIMIT: (20,),
    StepKind.FINAL: (28,),
}
SINCE = dt.timedelta(days=10)
OLD_HOLD_OUT, HOLD_OUT = Decimal("0.14"), Decimal("0.10")
TASK_FROM = Decimal(1500)


@transaction.atomic
def collecting_made(*, now: dt.datetime) -> bool:
    """This will connect the account and tell its past; False where it is there already.

    What is over are rows, some ten statements for all; what is open is played through by
    the services that would have done it.
    """
    if ours() is not None:
        return False
    account = account_made(now=now)
    customers = card_customers()
    collected_there(account, customers)
    objects_made(account, customers, now=now)
    rows = failed_rows()
    newest = [row for row in rows if row.paid is None and row.began_at > now - SINCE]
    methods = methods_made(
        account,
        customers,
        since=_changed(rows, now=now),
        expired={
            row.invoice.customer_id for row in newest if row.reason == "Card expired"
        },
        now=now,
    )
    version = old_version(now=now)
    cases_closed(
        [row for row in rows if row not in newest],
        account=account,
        version=version,
        methods=methods,
        now=now,
    )
    policy_changed(version.policy, now=now)
    cases_opened(newest, now=now)
    if not gateway_runs():
        account.is_on = False
        account.save(update_fields=["is_on"])
    return True


def _changed(rows: list[Failed], *, now: dt.datetime) -> dict[int, dt.datetime]:
    """This will say whose card was changed to pay what had failed, and when."""
    return {
        row.invoice.customer_id: row.paid.happened_at
        for row in rows
        if row.paid is not None and row.reason in HARD and row.began_at > now - YEAR
    }


def old_version(*, now: dt.datetime) -> DunningVersion:
    """This will make the policies as they were a year ago, and return that for cards."""
    began = now - YEAR - dt.timedelta(days=7)
    policies_ensure(began)
    policy = DunningPolicy.objects.get(
        collection=Collection.CHARGE, segment=None, from_amount=None, retired_at=None
    )
    version = version_in_use(policy)
    version.steps.all().delete()
    DunningStep.objects.bulk_create(
        DunningStep(version=version, kind=kind, day=day)
        for kind, days in OLD_STEPS.items()
        for day in days
    )
    version.hold_out, version.final_action = OLD_HOLD_OUT, "cancel"
    version.save(update_fields=["hold_out", "final_action"])
    return version


def policy_changed(policy: DunningPolicy, *, now: dt.datetime) -> None:
    """This will follow it by the usual one."""
    steps: list[Step] = usual_steps(Collection.CHARGE)
    values = PolicyValues(
        name=policy.name,
        collection=Collection.CHARGE,
        steps=steps,
        hold_out=HOLD_OUT,
        task_from=TASK_FROM,
        note="Try sooner and more often; pause instead of ending.",
    )
    seen = policy_digest(policy)
    policy_save(policy=policy, values=values, seen=seen, by=CONSOLE, now=now - SINCE)
