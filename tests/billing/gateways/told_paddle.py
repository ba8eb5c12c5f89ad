"""What Paddle tells, by the fields that its documentation names; all of it made up here."""

from typing import Any

Obj = dict[str, Any]
PRICE: Obj = {
    "id": "pri_seat", "product_id": "pro_routes", "name": "Monthly seat",
    "description": "Seat, monthly", "status": "active", "tax_mode": "external",
    "unit_price": {"amount": "1250", "currency_code": "EUR"},
    "billing_cycle": {"interval": "month", "frequency": 1},
    "created_at": "2026-01-05T08:00:00Z", "updated_at": "2026-01-05T08:00:00Z",
}  # fmt: skip
YEARLY: Obj = {
    **PRICE, "id": "pri_year", "unit_price": {"amount": "120000", "currency_code": "EUR"},
    "billing_cycle": {"interval": "year", "frequency": 1},
}  # fmt: skip
ONCE: Obj = {**PRICE, "id": "pri_setup", "billing_cycle": None}
PRODUCT: Obj = {
    "id": "pro_routes", "name": "Route planner", "status": "active",
    "created_at": "2026-01-05T08:00:00Z",
}  # fmt: skip
CUSTOMER: Obj = {
    "id": "ctm_nordwind", "name": "Nordwind GmbH", "email": "billing@nordwind.example",
    "status": "active", "custom_data": {"keepwell_id": "C-7"}, "locale": "de",
    "created_at": "2026-02-01T09:30:00.5Z", "updated_at": "2026-03-01T09:30:00Z",
}  # fmt: skip
SUBSCRIPTION: Obj = {
    "id": "sub_nordwind", "status": "active", "customer_id": "ctm_nordwind",
    "currency_code": "EUR", "created_at": "2026-02-01T10:00:00Z",
    "started_at": "2026-02-01T10:00:00Z", "first_billed_at": "2026-02-01T10:00:00Z",
    "next_billed_at": "2026-07-01T10:00:00Z", "paused_at": None, "canceled_at": None,
    "collection_mode": "automatic", "scheduled_change": None,
    "billing_cycle": {"interval": "month", "frequency": 1},
    "items": [
        {"status": "active", "quantity": 8, "recurring": True, "price": PRICE},
        {"status": "active", "quantity": 1, "recurring": True, "price": YEARLY},
    ],
}  # fmt: skip
CARD: Obj = {
    "type": "visa", "last4": "4242", "expiry_month": 12, "expiry_year": 2027,
    "cardholder_name": "M. Secret",
}  # fmt: skip
FAILED: Obj = {
    "payment_attempt_id": "try-1", "payment_method_id": "paymtd_1", "amount": "11900",
    "status": "error", "error_code": "not_enough_balance", "captured_at": None,
    "created_at": "2026-06-01T10:00:10Z", "method_details": {"type": "card", "card": CARD},
}  # fmt: skip
PAID: Obj = {
    **FAILED, "payment_attempt_id": "try-2", "status": "captured", "error_code": None,
    "created_at": "2026-06-03T10:00:10Z", "captured_at": "2026-06-03T10:00:12Z",
}  # fmt: skip
TRANSACTION: Obj = {
    "id": "txn_june", "status": "past_due", "customer_id": "ctm_nordwind",
    "subscription_id": "sub_nordwind", "currency_code": "EUR",
    "invoice_number": "325-10566", "origin": "subscription_recurring",
    "collection_mode": "automatic", "created_at": "2026-06-01T10:00:00Z",
    "billed_at": "2026-06-01T10:00:05Z", "updated_at": "2026-06-01T10:00:11Z",
    "billing_period": {
        "starts_at": "2026-06-01T10:00:00Z", "ends_at": "2026-07-01T10:00:00Z",
    },
    "items": [{"price": PRICE, "quantity": 8}, {"price": ONCE, "quantity": 1}],
    "details": {
        "totals": {
            "subtotal": "11000", "discount": "1000", "tax": "1900", "total": "11900",
            "balance": "11900", "grand_total": "11900", "currency_code": "EUR",
        },
        "line_items": [
            {
                "id": "txnitm_1", "price_id": "pri_seat", "quantity": 8,
                "totals": {"subtotal": "10000", "tax": "1710", "total": "10710"},
                "product": {"name": "Route planner"},
            },
            {
                "id": "txnitm_2", "price_id": "pri_setup", "quantity": 1,
                "totals": {"subtotal": "1000", "tax": "190", "total": "1190"},
                "product": {"name": "Setup"},
            },
        ],
    },
    "payments": [FAILED], "checkout": {"url": "https://pay.nordwind.example/txn_june"},
}  # fmt: skip
ADJUSTMENT: Obj = {
    "id": "adj_1", "action": "refund", "type": "partial", "transaction_id": "txn_june",
    "customer_id": "ctm_nordwind", "currency_code": "EUR", "status": "approved",
    "reason": "goodwill", "totals": {"subtotal": "1000", "tax": "190", "total": "1190"},
    "created_at": "2026-06-10T08:00:00Z",
}  # fmt: skip


def event(kind: str, data: Obj, number: str = "evt_1", **fields: Any) -> Obj:
    return {
        "event_id": number, "event_type": kind, "notification_id": "ntf_1",
        "occurred_at": "2026-06-01T10:00:12.000001Z", "data": data, **fields,
    }  # fmt: skip
