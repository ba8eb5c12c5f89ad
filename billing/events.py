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
