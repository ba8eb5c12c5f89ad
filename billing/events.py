"""The names of the event kinds this app writes."""

# Told on the timeline by the log's own line, on the day it takes effect.
SUBSCRIPTION_STARTED = "billing.subscription_started"
SUBSCRIPTION_CHANGED = "billing.subscription_changed"
SUBSCRIPTION_ENDED = "billing.subscription_ended"
# Told on the timeline when it is booked, because its day is to come.
SUBSCRIPTION_BOOKED = "billing.subscription_booked"
SUBSCRIPTION_CANCELLED = "billing.subscription_cancelled"
SUBSCRIPTION_KEPT = "billing.subscription_kept"
RENEWAL_VIEWED = "billing.renewal_viewed"
YEARLY_OFFERED = "billing.yearly_offered"
YEARLY_ANSWERED = "billing.yearly_answered"
# Failed payments.
PAYMENT_FAILED = "billing.payment_failed"
PAYMENT_OVERDUE = "billing.payment_overdue"
PAYMENT_RECOVERED = "billing.payment_recovered"
PAYMENT_LOST = "billing.payment_lost"
ACCESS_LIMITED = "billing.access_limited"
ACCESS_RESTORED = "billing.access_restored"
DUNNING_CHANGED = "billing.dunning_changed"
