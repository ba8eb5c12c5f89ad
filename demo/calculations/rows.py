"""The tables as they are written: a field is a column, None is an empty cell."""

from typing import NamedTuple


class CustomerRow(NamedTuple):
    customer_id: str
    name: str
    customer_since: str
    segment: str
    owner_email: str
    stage: str
    persona: str
    interests: str
    needs: str
    industry: str
    country: str
    city: str
    acquisition_source: str
    acquisition_cost: int
    parent_id: str
    tags: str
    campaign: str


class CampaignRow(NamedTuple):
    campaign_id: str
    name: str
    source: str
    starts_on: str
    ends_on: str


class SpendRow(NamedTuple):
    spend_id: str
    spent_on: str
    amount: int
    source: str
    campaign: str
    note: str


class ContactRow(NamedTuple):
    contact_id: str
    customer_id: str
    name: str
    email: str
    phone: str
    title: str
    role: str
    language: str
    time_zone: str
    is_primary: str
    is_executive: str
    is_admin: str
    left_on: str | None


class SubscriptionRow(NamedTuple):
    subscription_id: str
    customer_id: str
    started_on: str
    plan: str
    ended_on: str | None
    mrr: str
    currency: str
    seats: int
    interval_months: int
    renews_on: str | None
    is_trial: str
    discount_percent: int
    list_mrr: str | None
    discount_until: str | None
    notice_days: int | None
    auto_renews: str
    parent_subscription_id: str | None
    ended_recorded_at: str | None


class ChangeRow(NamedTuple):
    subscription_id: str
    effective_on: str
    mrr: str
    seats: int
    renews_on: str | None
    list_mrr: str | None
    discount_percent: int
    state: str
    action: str
    plan: str


class PlanRow(NamedTuple):
    plan: str
    product: str
    kind: str


class PriceRow(NamedTuple):
    plan: str
    amount: str
    currency: str
    interval_months: int | None
    valid_on: str


class BundlePartRow(NamedTuple):
    bundle: str
    part: str


class RateRow(NamedTuple):
    currency: str
    valid_on: str
    rate: str


class InvoiceRow(NamedTuple):
    invoice_id: str
    customer_id: str
    issued_on: str
    total: str
    subscription_id: str | None
    due_on: str
    paid_on: str | None
    mrr: str | None
    currency: str
    tax: str


class InvoiceLineRow(NamedTuple):
    invoice_id: str
    number: int
    kind: str
    amount: str
    tax: str
    subscription_id: str | None
    plan: str
    begins_on: str | None
    ends_on: str | None
    quantity: int


class CreditNoteRow(NamedTuple):
    credit_note_id: str
    invoice_id: str
    issued_on: str
    amount: str
    reason: str


class RefundRow(NamedTuple):
    refund_id: str
    payment_id: str
    kind: str
    happened_at: str
    amount: str
    reason: str


class PurchaseRow(NamedTuple):
    purchase_id: str
    customer_id: str
    plan: str
    bought_on: str
    amount: str
    currency: str
    invoice_id: str


class PaymentRow(NamedTuple):
    payment_id: str
    invoice_id: str
    happened_at: str
    state: str
    amount: str
    currency: str
    reason: str


class UsageRow(NamedTuple):
    customer_id: str
    day: str
    active_users: int
    events: int
    features: int
    key_events: int


class TicketRow(NamedTuple):
    ticket_id: str
    customer_id: str
    opened_at: str
    contact_id: str | None
    subject: str
    channel: str
    priority: str
    first_response_at: str | None
    resolved_at: str | None
    escalated_at: str | None
    reopened_at: str | None
    satisfaction: int | None


class InteractionRow(NamedTuple):
    interaction_id: str
    customer_id: str
    kind: str
    happened_at: str
    contact_id: str | None
    author_email: str
    summary: str
    pulse: int | None


class AnswerRow(NamedTuple):
    response_id: str
    customer_id: str
    kind: str
    score: int
    responded_at: str
    contact_id: str | None
    comment: str


class ChurnRow(NamedTuple):
    churn_id: str
    customer_id: str
    left_on: str
    kind: str
    reason: str
    secondary_reason: str
    preventable: str
    competitor: str
    comment: str


class TruthRow(NamedTuple):
    customer_id: str
    p90: float


class TaskRow(NamedTuple):
    customer_id: str
    owner_email: str
    title: str
    type: str
    reason: str
    due_on: str
