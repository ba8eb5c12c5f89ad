"""Money that goes back: refunds, disputes, credit notes."""

from decimal import Decimal

from fakegateway.errors import Obj, invalid
from fakegateway.events import changed, emit
from fakegateway.forms import needed, text, whole
from fakegateway.invoices import settled
from fakegateway.lines import rounded
from fakegateway.shapes import listing, plain
from fakegateway.store import Store


def refund_made(store: Store, params: Obj) -> Obj:
    """This will send back all or some of a charge, never more than it was."""
    name = text(params, "charge")
    if name is None:
        intent = store.find("payment_intent", needed(params, "payment_intent"))
        name = str(intent["latest_charge"])
    charge = store.find("charge", name, "charge")
    if charge["status"] != "succeeded":
        raise invalid("This charge has not been paid.", code="charge_not_refundable")
    left = charge["amount"] - charge["amount_refunded"]
    amount = whole(params, "amount", left) or 0
    if left == 0:
        words = f"Charge {name} has already been refunded."
        raise invalid(words, code="charge_already_refunded")
    if not 0 < amount <= left:
        raise invalid("Refund amount is greater than the charge.", param="amount")
    return _given_back(store, charge, amount, text(params, "reason"))


def _given_back(store: Store, charge: Obj, amount: int, reason: str | None) -> Obj:
    row = plain("refund", store.next_id("re"), store.clock.now(), amount=amount)
    row |= {"charge": charge["id"], "currency": charge["currency"], "reason": reason}
    row |= {"payment_intent": charge["payment_intent"]}
    store.put(row)
    _moved_back(store, "refund", charge, amount, row["id"])
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    store.put(charge)
    emit(store, "refund.created", row)
    emit(store, "charge.refunded", charge)
    return row


def _moved_back(store: Store, kind: str, charge: Obj, amount: int, name: str) -> None:
    store.moved(
        kind,
        amount=-amount,
        currency=charge["currency"],
        invoice=charge["_invoice"],
        customer=charge["customer"],
        charge=charge["id"],
        back=name,
    )


def dispute_made(store: Store, charge: Obj, reason: str = "general") -> Obj:
    """This will have the customer's bank take a charge back; it may be won later."""
    if charge["disputed"] or charge["status"] != "succeeded":
        raise invalid("This charge cannot be disputed.")
    amount = charge["amount"] - charge["amount_refunded"]
    row = plain("dispute", store.next_id("dp"), store.clock.now(), amount=amount)
    row |= {"charge": charge["id"], "currency": charge["currency"], "reason": reason}
    row |= {"payment_intent": charge["payment_intent"]}
    store.put(row)
    _moved_back(store, "dispute", charge, amount, row["id"])
    charge["disputed"] = True
    store.put(charge)
    emit(store, "charge.dispute.created", row)
    emit(store, "charge.dispute.funds_withdrawn", row)
    return row


def dispute_closed(store: Store, row: Obj, *, won: bool) -> Obj:
    """This will decide a dispute; what was won comes back."""
    if row["status"] in {"won", "lost"}:
        raise invalid("This dispute is closed.")
    if won:
        charge = store.find("charge", row["charge"])
        _moved_back(store, "dispute_won", charge, -row["amount"], row["id"])
        emit(store, "charge.dispute.funds_reinstated", row)
    changed(store, "charge.dispute.closed", row, status="won" if won else "lost")
    return row


def credit_note_made(store: Store, params: Obj) -> Obj:
    """This will credit some of an invoice: less is owed, or money goes back."""
    invoice = store.find("invoice", needed(params, "invoice"), "invoice")
    if invoice["status"] not in {"open", "paid"}:
        raise invalid(f"You can't credit an invoice that is {invoice['status']}.")
    amount = whole(params, "amount", invoice["total"]) or 0
    credited = (
        invoice["pre_payment_credit_notes_amount"]
        + invoice["post_payment_credit_notes_amount"]
    )
    if not 0 < amount <= invoice["total"] - credited:
        raise invalid("The amount is more than what can be credited.", param="amount")
    before = min(amount, invoice["amount_remaining"])
    row = _note(store, invoice, amount, before, text(params, "reason"))
    _refund_linked(store, row, whole(params, "refund_amount", 0) or 0, invoice)
    invoice["pre_payment_credit_notes_amount"] += before
    invoice["post_payment_credit_notes_amount"] += amount - before
    invoice["amount_due"] -= before
    invoice["amount_remaining"] -= before
    store.put(invoice)
    emit(store, "credit_note.created", row)
    emit(store, "invoice.updated", invoice)
    if invoice["status"] == "open" and invoice["amount_remaining"] == 0:
        settled(store, invoice)
    return row


def _note(
    store: Store, invoice: Obj, amount: int, before: int, reason: str | None
) -> Obj:
    now, after = store.clock.now(), amount - before
    row = plain("credit_note", store.next_id("cn"), now, amount=amount, total=amount)
    net = amount
    if invoice["total"]:
        net = rounded(_share(amount, invoice["total_excluding_tax"], invoice["total"]))
    row |= {"currency": invoice["currency"], "customer": invoice["customer"]}
    row |= {
        "invoice": invoice["id"],
        "number": f"{invoice['number']}-CN-{row['id'][-4:]}",
    }
    row |= {"subtotal": net, "subtotal_excluding_tax": net, "total_excluding_tax": net}
    row |= {"pre_payment_amount": before, "post_payment_amount": after}
    row |= {"effective_at": now, "reason": reason, "pdf": ""}
    row["type"] = "mixed" if before and after else _type(before)
    row["lines"] = listing([], f"/v1/credit_notes/{row['id']}/lines")
    return store.put(row)


def _share(amount: int, part: int, whole_amount: int) -> Decimal:
    return Decimal(amount) * part / whole_amount


def _type(before: int) -> str:
    return "pre_payment" if before else "post_payment"


def _refund_linked(store: Store, note: Obj, amount: int, invoice: Obj) -> None:
    if not amount:
        return
    paid = [
        store.find("payment_intent", link["_intent"])["latest_charge"]
        for link in store.related("invoice_payment", "invoice", invoice["id"])
        if link["status"] == "paid"
    ]
    refund = refund_made(store, {"charge": paid[0], "amount": str(amount)})
    note["refunds"] = [
        {"type": "refund", "refund": refund["id"], "amount_refunded": amount}
    ]
    store.put(note)
