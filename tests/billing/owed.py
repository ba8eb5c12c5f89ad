"""An invoice that is owed here and at the fake gateway, with the case of its failure."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.actor import MACHINE
from billing.enums import AttemptCause, Collection, MethodKind
from billing.models import (
    DunningCase,
    GatewayAccount,
    Invoice,
    Payment,
    PaymentAttempt,
    PaymentMethod,
)
from billing.selectors.invoices import invoice_sums_of
from billing.services.dunning.attempts import attempt_plan
from billing.services.dunning.cases import case_open
from billing.services.settling import invoice_locked
from tests.gateway import Fake
from tests.world import NOW, days_ago, make_customer
from tests.world import invoice as make_invoice

DAY = dt.timedelta(days=1)


@dataclass
class Owed:
    """Everything about it; `card` and `number` are the gateway's."""

    fake: Fake
    account: GatewayAccount
    method: PaymentMethod
    invoice: Invoice
    case: DunningCase

    @property
    def number(self) -> str:
        return self.invoice.external_id

    def plan(self, now: dt.datetime = NOW, **more: Any) -> PaymentAttempt:
        """This will plan a try, as whoever works on the case does."""
        told: dict[str, Any] = {"cause": AttemptCause.SCHEDULE, "by": MACHINE, **more}
        with transaction.atomic():
            invoice = invoice_locked(self.invoice)
            case = DunningCase.objects.get(pk=self.case.pk)
            return attempt_plan(invoice=invoice, case=case, now=now, **told)

    def owing(self) -> Decimal:
        return invoice_sums_of(Invoice.objects.get(pk=self.invoice.pk)).owing

    def tries(self) -> list[tuple[int, str, str]]:
        """This will tell every try: (number, state, cause)."""
        rows = PaymentAttempt.objects.filter(invoice=self.invoice)
        return list(rows.order_by("number").values_list("number", "state", "cause"))

    def payments(self) -> list[tuple[str, Decimal]]:
        rows = Payment.objects.filter(invoice=self.invoice)
        return list(rows.order_by("id").values_list("state", "amount"))

    def charged(self) -> list[int]:
        """This will return what the gateway's own ledger says was taken, in cents."""
        return [row["amount"] for row in self.fake.ledger(self.number)]

    def skips(self) -> list[str]:
        """This will return why tries were not made, as the case tells it."""
        rows = self.case.actions.filter(step__startswith="not_made:")
        return list(rows.order_by("id").values_list("reason", flat=True))


def owed(
    fake: Fake,
    *fates: str,
    account: GatewayAccount | None = None,
    amount: int = 4900,
    now: dt.datetime = NOW,
    **more: Any,
) -> Owed:
    """This will make one whose charge failed a day ago; `fates` are of the tries to come."""
    account = account or fake.account()
    cus = fake.customer(fates=())
    card = fake.method(cus, *(fates or ("succeeds",)))
    number = fake.invoice(cus, amount=amount)
    customer = make_customer()
    method = PaymentMethod.objects.create(
        account=account,
        customer=customer,
        external_id=card,
        kind=MethodKind.CARD,
        brand="visa",
        last4="4242",
        is_default=True,
        added_at=now - 90 * DAY,
        changed_at=now - 90 * DAY,
        recorded_at=now - 90 * DAY,
    )
    invoice = make_invoice(
        customer, days=1, total=str(Decimal(amount) / 100), paid_after=None,
        gateway=account, collection=Collection.CHARGE, **more,
    )  # fmt: skip
    Invoice.objects.filter(pk=invoice.pk).update(external_id=number)
    invoice.refresh_from_db()
    with transaction.atomic():
        case = case_open(
            invoice=invoice_locked(invoice), failed_at=now - DAY, method=method, now=now
        )
    assert case is not None
    return Owed(fake, account, method, invoice, case)


__all__ = ["DAY", "NOW", "Owed", "days_ago", "owed"]
