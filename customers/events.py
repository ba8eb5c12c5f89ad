"""The names of the event kinds this app writes."""

INTERACTION_LOGGED = "customers.interaction_logged"
TASK_DONE = "customers.task_done"
OWNER_CHANGED = "customers.owner_changed"
STAGE_CHANGED = "customers.stage_changed"
