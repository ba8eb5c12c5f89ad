"""Everything that is done to subscriptions: each adds lines to the log and to the ledger.

All of them take `subscription`, `by` (who), `now` and a `note`, and `on`, the day from
which on it counts: without one today, or where it means something the end of the term
that is paid for. They raise UnableToChangeSubscription, whose text says what to do.
"""

from billing.services.subscriptions.discounts import subscription_discount
from billing.services.subscriptions.ending import subscription_cancel, subscription_keep
from billing.services.subscriptions.pauses import (
    subscription_pause,
    subscription_resume,
)
from billing.services.subscriptions.plans import (
    subscription_change_interval,
    subscription_change_plan,
)
from billing.services.subscriptions.prices import subscription_move_price
from billing.services.subscriptions.quantities import subscription_change_quantity
from billing.services.subscriptions.raising import subscription_raise_for_a_while
from billing.services.subscriptions.reactivating import subscription_reactivate
from billing.services.subscriptions.settling import subscriptions_settle
from billing.services.subscriptions.situation import UnableToChangeSubscription
from billing.services.subscriptions.start import StartValues, subscription_start
from billing.services.subscriptions.taking_back import subscription_take_back

__all__ = [
    "StartValues",
    "UnableToChangeSubscription",
    "subscription_cancel",
    "subscription_change_interval",
    "subscription_change_plan",
    "subscription_change_quantity",
    "subscription_discount",
    "subscription_keep",
    "subscription_move_price",
    "subscription_pause",
    "subscription_raise_for_a_while",
    "subscription_reactivate",
    "subscription_resume",
    "subscription_start",
    "subscription_take_back",
    "subscriptions_settle",
]
