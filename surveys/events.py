"""The kinds of events that surveys write."""

RESPONSE_RECEIVED = "surveys.response_received"
RESPONSE_CHANGED = "surveys.response_changed"
RESPONSE_REPLIED = "surveys.response_replied"
RESPONSE_RESOLVED = "surveys.response_resolved"
FEEDBACK_RECORDED = "surveys.feedback_recorded"
THEME_RESOLVED = "surveys.theme_resolved"
