"""Plans, subscriptions, invoices and who left."""

from billing.models.churn import ChurnEvent
from billing.models.invoice import Invoice, Payment
from billing.models.plan import Plan, PriceVersion
from billing.models.subscription import Subscription, SubscriptionChange

__all__ = [
    "ChurnEvent",
    "Invoice",
    "Payment",
    "Plan",
    "PriceVersion",
    "Subscription",
    "SubscriptionChange",
]
