"""What we sell, what customers pay for it, the revenue ledger, who left, renewals."""

from billing.models.churn import ChurnEvent, DepartureCheck
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
from billing.models.ledger_build import LedgerBuild, LedgerPart
from billing.models.plan import BundlePart, Plan, PriceVersion, Product
from billing.models.price_move import PriceMove
from billing.models.purchase import Purchase
from billing.models.renewal import RenewalCheckpoint, YearlyOffer
from billing.models.subscription import Subscription, SubscriptionChange
from billing.models.upcoming import (
    ReminderRules,
    RenewalReminder,
    RenewalState,
    UpcomingRenewal,
    YearlyCandidate,
)

__all__ = [
    "BundlePart",
    "ChurnEvent",
    "ConventionDifference",
    "ConventionMonth",
    "Conventions",
    "CreditNote",
    "DepartureCheck",
    "Invoice",
    "InvoiceLine",
    "LedgerBuild",
    "LedgerPart",
    "LedgerState",
    "Movement",
    "Payment",
    "Plan",
    "PriceMove",
    "PriceVersion",
    "Product",
    "Purchase",
    "Refund",
    "ReminderRules",
    "RenewalCheckpoint",
    "RenewalReminder",
    "RenewalState",
    "RevenueCohort",
    "RevenueDay",
    "RevenueMonth",
    "Subscription",
    "SubscriptionChange",
    "UpcomingRenewal",
    "YearlyCandidate",
    "YearlyOffer",
]
