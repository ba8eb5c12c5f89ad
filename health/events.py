"""The names of the event kinds this app writes."""

OVERRIDE_SET = "health.override_set"
OVERRIDE_ENDED = "health.override_ended"
CUSTOMER_ASKED = "health.customer_asked"
BAND_CHANGED = "health.band_changed"
