"""Taking out what was noted by hand and wrong, on the same day."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.selectors import company
from accounts.services.audit import audit_record
from billing.models import CreditNote, Payment, Refund
from billing.services.dunning.cases import case_touch
from billing.services.ledger import ledger_refresh
from billing.services.recorded import UnableToRecord
from billing.services.settling import invoice_locked, invoice_reopen
from common.dates import local_day

Document = Payment | CreditNote | Refund
ACTIONS = {
    Payment: "billing.payment_taken_out",
    CreditNote: "billing.credit_taken_out",
    Refund: "billing.refund_taken_out",
}


def may_be_taken_out(row: Document, *, now: dt.datetime, zone: ZoneInfo) -> bool:
    """This will say whether a document was noted by hand today.

    What came from a file or another system is corrected there. What stood here for a
    night was read by scores and forecasts, and stays for good.
    """
    by_hand = row.external_id is None and not row.recorded_assumed
    return by_hand and local_day(row.recorded_at, zone) == local_day(now, zone)


@transaction.atomic
def document_take_out(*, row: Document, by: Actor, now: dt.datetime) -> None:
    """This will delete a payment, credit note or refund that was noted by hand today.

    A settlement that came with it is taken back. Raises UnableToRecord for what is older,
    was imported, or is a payment of which something went back.
    """
    of = row.payment.invoice if isinstance(row, Refund) else row.invoice
    invoice = invoice_locked(of)
    if not may_be_taken_out(row, now=now, zone=ZoneInfo(company().time_zone)):
        msg = _(
            "Only what was noted by hand today can be taken out. Correct the rest where it "
            "came from, or with a credit note."
        )
        raise UnableToRecord(msg)
    if isinstance(row, Payment) and row.refunds.exists():
        msg = _("Some of this payment went back. Take that out first.")
        raise UnableToRecord(msg)
    audit_record(
        by=by,
        action=ACTIONS[type(row)],
        now=now,
        subject=invoice,
        before={"amount": row.amount, "currency": row.currency},
    )
    settled_at = row.recorded_at
    row.delete()
    invoice_reopen(invoice=invoice, settled_at=settled_at)
    case_touch(invoice_ids=[invoice.pk], now=now)
    ledger_refresh(customers=[invoice.customer_id], now=now)
