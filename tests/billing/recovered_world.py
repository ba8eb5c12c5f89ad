"""Failed payments as they were and what became of them: rows alone, many of them quickly."""

import datetime as dt
from decimal import Decimal
from typing import Any

from billing.enums import (
    AttemptCause,
    AttemptState,
    CaseState,
    Collection,
    DeclineGroup,
)
from billing.models import (
    DunningCase,
    DunningVersion,
    GatewayAccount,
    PaymentAttempt,
)
from billing.services.dunning.policies import policies_ensure
from customers.models import Customer
from tests import world
from tests.billing import dunning_world
from tests.world import NOW

DAY = dt.timedelta(days=1)


def usual() -> DunningVersion:
    """This will return the usual policy's version for charges."""
    policies_ensure(NOW)
    return DunningVersion.objects.get(
        policy__collection=Collection.CHARGE, policy__from_amount=None
    )


def failed(
    customer: Customer,
    *,
    days: float = 40,
    state: str = CaseState.OPEN,
    after: float = 5,
    amount: str = "100",
    code: str = "insufficient_funds",
    currency: str = "EUR",
    version: DunningVersion | None = None,
    **fields: Any,
) -> DunningCase:
    """This will save a case that began so many days ago and ended some days `after`."""
    began = NOW - days * DAY
    owed = world.invoice(
        customer,
        days=int(days),
        total=amount,
        paid_after=None,
        currency=currency,
        collection=Collection.CHARGE,
    )
    back = amount if state == CaseState.RECOVERED else "0"
    case = DunningCase.objects.create(
        invoice=owed,
        customer=customer,
        version=version or usual(),
        collection=Collection.CHARGE,
        state=state,
        began_at=began,
        began_on=began.date(),
        failed=Decimal(amount),
        currency=currency,
        recovered=Decimal(fields.pop("recovered", back)),
        closed_at=None if state == CaseState.OPEN else began + after * DAY,
        **fields,
    )
    if code:
        attempt(case, code=code)
    return case


def attempt(case: DunningCase, **fields: Any) -> PaymentAttempt:
    """This will save a try of a case, refused unless told."""
    at = fields.pop("at", case.began_at)
    account = GatewayAccount.objects.first() or dunning_world.account()
    values = {
        "number": PaymentAttempt.objects.filter(invoice=case.invoice_id).count() + 1,
        "cause": AttemptCause.GATEWAY,
        "state": AttemptState.DECLINED,
        "decline_code": fields.pop("code", ""),
        "decline_group": DeclineGroup.SOFT,
        "planned_at": at,
        "asked_at": at,
        "answered_at": at,
    }
    return PaymentAttempt.objects.create(
        invoice_id=case.invoice_id,
        case=case,
        customer_id=case.customer_id,
        account=account,
        amount=case.failed,
        currency=case.currency,
        **{**values, **fields},
    )
