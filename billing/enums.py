"""Choices of the billing app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeKind(models.TextChoices):
    """What a line of a subscription's change log says."""

    START = "start", _("Started")
    CHANGE = "change", _("Changed")
    END = "end", _("Ended")


class ChangeAction(models.TextChoices):
    """What was done that a line of the change log came of; imported lines do not say."""

    UNKNOWN = "", _("Not told")
    STARTED = "started", _("Started")
    REACTIVATED = "reactivated", _("Came back")
    TRIAL_ENDED = "trial_ended", _("Trial became paid")
    UPGRADED = "upgraded", _("Upgraded")
    DOWNGRADED = "downgraded", _("Downgraded")
    QUANTITY = "quantity", _("Seats changed")
    PRICE_MOVED = "price_moved", _("Moved to another price")
    INTERVAL = "interval", _("Billing interval changed")
    DISCOUNTED = "discounted", _("Discount changed")
    DISCOUNT_ENDED = "discount_ended", _("Discount ended")
    PAUSED = "paused", _("Paused")
    RESUMED = "resumed", _("Resumed")
    RAISED_FOR_A_WHILE = "raised_for_a_while", _("Upgraded for a while")
    WHILE_OVER = "while_over", _("Temporary upgrade ended")
    CANCELLED = "cancelled", _("Cancelled")
    KEPT = "kept", _("Cancellation withdrawn")
    CORRECTED = "corrected", _("Booked again")


class SubscriptionState(models.TextChoices):
    """In what state a line of the change log puts a subscription."""

    ACTIVE = "active", _("Active")
    TRIAL = "trial", _("Trial")
    PAUSED = "paused", _("Paused")


class PlanKind(models.TextChoices):
    """How a plan is sold."""

    BASE = "base", _("Plan")
    ADD_ON = "add_on", _("Add-on")
    BUNDLE = "bundle", _("Bundle")
    ONE_OFF = "one_off", _("One-off product")


class LineKind(models.TextChoices):
    """What a line of an invoice charges for."""

    RECURRING = "recurring", _("Recurring")
    ONE_OFF = "one_off", _("One-off")


class PaymentState(models.TextChoices):
    SUCCEEDED = "succeeded", _("Paid")
    FAILED = "failed", _("Failed")


class RefundKind(models.TextChoices):
    """Who took the money back."""

    REFUND = "refund", _("Refund")
    CHARGEBACK = "chargeback", _("Chargeback")


class ChurnKind(models.TextChoices):
    VOLUNTARY = "voluntary", _("Chose to leave")
    INVOLUNTARY = "involuntary", _("Payment failed")


class MovementKind(models.IntegerChoices):
    """What a line of the revenue ledger says, in the order in which pages show them."""

    NEW = 1, _("New")
    REACTIVATION = 2, _("Came back")
    EXPANSION = 3, _("Expansion")
    CONTRACTION = 4, _("Contraction")
    CHURN = 5, _("Churn")


class BuildState(models.TextChoices):
    """How a making of the ledger's sums stands."""

    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class RenewalView(models.TextChoices):
    """What the person who looks after a customer thinks of a renewal."""

    RENEWS = "renews", _("Will renew")
    AT_RISK = "at_risk", _("At risk")
    LEAVES = "leaves", _("Will not renew")


class OfferState(models.TextChoices):
    """How an offer of yearly billing stands."""

    OPEN = "open", _("Waiting for the customer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class GatewayKind(models.TextChoices):
    """Where money is collected for us, and who tells us of it."""

    STRIPE = "stripe", "Stripe"
    CHARGEBEE = "chargebee", "Chargebee"
    RECURLY = "recurly", "Recurly"
    PADDLE = "paddle", "Paddle"


class GatewayTrouble(models.TextChoices):
    """What is wrong with an account where the gateway itself has no words for it."""

    CLOCK = "clock", _("The clocks are apart")
    MODE = "mode", _("Live and test mode are mixed up")


class ObjectKind(models.TextChoices):
    """What of a gateway is kept in step with it, in the order in which it is read."""

    CUSTOMER = "customer", _("Customer")
    PRODUCT = "product", _("Product")
    PRICE = "price", _("Price")
    METHOD = "method", _("Payment method")
    SUBSCRIPTION = "subscription", _("Subscription")
    INVOICE = "invoice", _("Invoice")
    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")


class Collection(models.TextChoices):
    """How an invoice is collected."""

    CHARGE = "charge", _("Charged automatically")
    TRANSFER = "transfer", _("Paid by transfer")


class MethodKind(models.TextChoices):
    CARD = "card", _("Card")
    DIRECT_DEBIT = "direct_debit", _("Direct debit")
    WALLET = "wallet", _("Wallet")
    OTHER = "other", _("Other")


class AttemptState(models.TextChoices):
    """How a try to charge stands; what may follow what: calculations.dunning.transitions."""

    PLANNED = "planned", _("About to be tried")
    ASKED = "asked", _("Being tried")
    UNKNOWN = "unknown", _("Outcome unknown")
    SUCCEEDED = "succeeded", _("Paid")
    DECLINED = "declined", _("Declined")
    NEEDS_ACTION = "needs_action", _("Waits for the customer")
    NOT_MADE = "not_made", _("Never reached the gateway")


class AttemptCause(models.TextChoices):
    """Why it was tried."""

    SCHEDULE = "schedule", _("By the schedule")
    METHOD_CHANGED = "method_changed", _("New payment method")
    PERSON = "person", _("By hand")
    GATEWAY = "gateway", _("By the gateway itself")


class DeclineGroup(models.TextChoices):
    """What a refusal means for the next try."""

    SOFT = "soft", _("May work later")
    HARD = "hard", _("Needs another payment method")
    ACTION = "action", _("The customer must confirm")


class CaseState(models.TextChoices):
    """How the dunning of an invoice stands."""

    OPEN = "open", _("Open")
    RECOVERED = "recovered", _("Recovered")
    LOST = "lost", _("Not recovered")
    STOPPED = "stopped", _("Stopped")


class RecoveryCause(models.TextChoices):
    """What brought the money in."""

    RETRY = "retry", _("A retry")
    METHOD = "method", _("A new payment method")
    MAIL = "mail", _("A mail")
    PERSON = "person", _("A person")
    ITSELF = "itself", _("By itself")


class StepKind(models.TextChoices):
    """What a policy does on a day; `calculations.dunning` knows the same words."""

    RETRY = "retry", _("Try again")
    MAIL = "mail", _("Write a mail")
    LETTER = "letter", _("Send a reminder")
    TASK = "task", _("Give a task to the CSM")
    LIMIT = "limit", _("Limit access")
    FINAL = "final", _("Final action")


class FinalAction(models.TextChoices):
    PAUSE = "pause", _("Pause the subscription")
    CANCEL = "cancel", _("Cancel the subscription")
    KEEP = "keep", _("Keep it and tell the CSM")
