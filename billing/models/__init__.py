"""What we sell, what customers pay for it, the revenue ledger, who left, renewals."""

from billing.models.churn import ChurnEvent
from billing.models.invoice import (
    CreditNote,
    Invoice,
    InvoiceLine,
    Payment,
    Refund,
)
from billing.models.ledger import (
    ConventionDifference,
    ConventionMonth,
    Conventions,
    LedgerState,
    Movement,
    RevenueCohort,
    RevenueDay,
    RevenueMonth,
)
from billing.models.plan import BundlePart, Plan, PriceVersion, Product
from billing.models.purchase import Purchase
from billing.models.renewal import RenewalCheckpoint, YearlyOffer
from billing.models.subscription import Subscription, SubscriptionChange

__all__ = [
    "BundlePart",
    "ChurnEvent",
    "ConventionDifference",
    "ConventionMonth",
    "Conventions",
    "CreditNote",
    "Invoice",
    "InvoiceLine",
    "LedgerState",
    "Movement",
    "Payment",
    "Plan",
    "PriceVersion",
    "Product",
    "Purchase",
    "Refund",
    "RenewalCheckpoint",
    "RevenueCohort",
    "RevenueDay",
    "RevenueMonth",
    "Subscription",
    "SubscriptionChange",
    "YearlyOffer",
]
