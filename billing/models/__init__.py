"""What we sell, what is paid for it and how it is collected, the ledger, who left."""

from billing.models.churn import ChurnEvent, DepartureCheck
from billing.models.dunning import (
    CardNotice,
    DunningAction,
    DunningCase,
    DunningPolicy,
    DunningStep,
    DunningVersion,
    PaymentAttempt,
)
from billing.models.gateway import (
    GatewayAccount,
    GatewayEvent,
    GatewayImport,
    GatewayObject,
    PaymentMethod,
    Reconciliation,
)
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
    "CardNotice",
    "ChurnEvent",
    "ConventionDifference",
    "ConventionMonth",
    "Conventions",
    "CreditNote",
    "DepartureCheck",
    "DunningAction",
    "DunningCase",
    "DunningPolicy",
    "DunningStep",
    "DunningVersion",
    "GatewayAccount",
    "GatewayEvent",
    "GatewayImport",
    "GatewayObject",
    "Invoice",
    "InvoiceLine",
    "LedgerBuild",
    "LedgerPart",
    "LedgerState",
    "Movement",
    "Payment",
    "PaymentAttempt",
    "PaymentMethod",
    "Plan",
    "PriceMove",
    "PriceVersion",
    "Product",
    "Purchase",
    "Reconciliation",
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
