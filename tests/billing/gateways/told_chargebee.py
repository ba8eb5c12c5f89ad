"""What Chargebee tells, by the fields its documentation names; all of it made up here."""

from typing import Any

Obj = dict[str, Any]
JUNE, JULY = 1_780_308_000, 1_782_900_000  # 1 June and 1 July 2026, 10 o'clock
CUSTOMER: Obj = {
    "id": "nordwind", "object": "customer", "first_name": "Mara", "last_name": "Ionescu",
    "company": "Nordwind GmbH", "email": "billing@nordwind.example",
    "auto_collection": "on", "created_at": JUNE, "updated_at": JUNE, "deleted": False,
    "billing_address": {"country": "DE"}, "primary_payment_source_id": "pm_1",
    "meta_data": {"keepwell_id": "C-7"}, "resource_version": JUNE * 1000,
}  # fmt: skip
SOURCE: Obj = {
    "id": "pm_1", "object": "payment_source", "customer_id": "nordwind", "type": "card",
    "status": "valid", "created_at": JUNE, "updated_at": JUNE, "deleted": False,
    "resource_version": JUNE * 1000,
    "card": {
        "brand": "visa", "last4": "4242", "iin": "424242", "expiry_month": 2,
        "expiry_year": 2028, "masked_number": "************4242",
    },
}  # fmt: skip
CARD: Obj = {
    "object": "card", "payment_source_id": "pm_1", "customer_id": "nordwind",
    "status": "valid", "card_type": "visa", "last4": "4242", "iin": "424242",
    "expiry_month": 2, "expiry_year": 2028, "created_at": JUNE,
    "resource_version": JUNE * 1000, "masked_number": "************4242",
}  # fmt: skip
ITEM_PRICE: Obj = {
    "id": "seat-EUR-monthly", "object": "item_price", "item_id": "seat",
    "name": "Seat, monthly", "status": "active", "currency_code": "EUR", "price": 1250,
    "period": 1, "period_unit": "month", "created_at": JUNE, "updated_at": JUNE,
    "resource_version": JUNE * 1000,
}  # fmt: skip
ITEM: Obj = {
    "id": "seat", "object": "item", "name": "seat", "external_name": "Seat",
    "status": "active", "updated_at": JUNE, "resource_version": JUNE * 1000,
}  # fmt: skip
SUBSCRIPTION: Obj = {
    "id": "sub_1", "object": "subscription", "customer_id": "nordwind",
    "currency_code": "EUR", "status": "active", "billing_period": 1,
    "billing_period_unit": "month", "current_term_start": JUNE, "current_term_end": JULY,
    "next_billing_at": JULY, "started_at": JUNE, "created_at": JUNE, "mrr": 9000,
    "payment_source_id": "pm_1", "resource_version": JUNE * 1000 + 5,
    "subscription_items": [
        {
            "item_price_id": "seat-EUR-monthly", "item_type": "plan", "quantity": 8,
            "unit_price": 1250, "amount": 10000,
        },
        {
            "item_price_id": "setup-EUR", "item_type": "charge", "quantity": 1,
            "unit_price": 5000, "amount": 5000,
        },
    ],
}  # fmt: skip
INVOICE: Obj = {
    "id": "1043", "object": "invoice", "customer_id": "nordwind",
    "subscription_id": "sub_1", "status": "payment_due", "price_type": "tax_exclusive",
    "date": JUNE, "due_date": JUNE, "net_term_days": 0, "currency_code": "EUR",
    "sub_total": 9000, "tax": 1710, "total": 10710, "amount_due": 10710,
    "amount_paid": 0, "write_off_amount": 0, "dunning_status": "in_progress",
    "resource_version": JUNE * 1000 + 10, "deleted": False,
    "line_items": [
        {
            "id": "li_1", "date_from": JUNE, "date_to": JULY, "unit_amount": 1250,
            "quantity": 8, "amount": 10000, "discount_amount": 1000, "tax_amount": 1710,
            "description": "Seats", "entity_type": "plan_item_price",
            "entity_id": "seat-EUR-monthly", "subscription_id": "sub_1",
        }
    ],
    "linked_payments": [], "issued_credit_notes": [], "adjustment_credit_notes": [],
}  # fmt: skip
FAILED: Obj = {
    "id": "txn_1", "object": "transaction", "customer_id": "nordwind",
    "subscription_id": "sub_1", "payment_source_id": "pm_1", "payment_method": "card",
    "type": "payment", "date": JUNE + 20, "amount": 10710, "status": "failure",
    "error_code": "3001", "error_text": "Insufficient funds", "currency_code": "EUR",
    "masked_card_number": "************4242", "linked_invoices": [],
    "resource_version": JUNE * 1000 + 20,
}  # fmt: skip
LINK: Obj = {
    "txn_id": "txn_2", "applied_amount": 10710, "applied_at": JUNE + 90_000,
    "txn_status": "success", "txn_date": JUNE + 90_000, "txn_amount": 10710,
}  # fmt: skip
PAID: Obj = {
    **INVOICE, "status": "paid", "amount_due": 0, "amount_paid": 10710,
    "paid_at": JUNE + 90_000, "linked_payments": [LINK],
    "resource_version": JUNE * 1000 + 90_000_000,
}  # fmt: skip
PAYMENT: Obj = {
    **FAILED, "id": "txn_2", "status": "success", "date": JUNE + 90_000, "error_text": "",
    "linked_invoices": [{"invoice_id": "1043", "applied_amount": 10710}],
    "resource_version": JUNE * 1000 + 90_000_000,
}  # fmt: skip
REFUND: Obj = {
    **FAILED, "id": "txn_3", "type": "refund", "status": "success", "amount": 1071,
    "refunded_txn_id": "txn_2", "date": JUNE + 95_000, "error_text": "",
}  # fmt: skip


def event(kind: str, number: str = "ev_1", **content: Obj) -> Obj:
    return {
        "id": number, "object": "event", "occurred_at": JUNE + 21, "event_type": kind,
        "source": "scheduled_job", "api_version": "v2", "content": content,
        "webhook_status": "scheduled",
    }  # fmt: skip
