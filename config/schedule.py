"""Every periodic entry. Beat only ticks; the database decides what is due."""

from config.environment import env_int

# A minute; fault tests tick faster.
TICK_SECONDS = env_int("KEEPWELL_TICK_SECONDS", default=60)

# Apart, so that trouble in one does not keep the others from being done.
TASKS = (
    "health.tick",
    "billing.tick",
    "mail.outbox_sweep",
    "mail.mailbox_trim",
    "insights.digests_queue",
    "insights.renewals_tick",
    "billing.subscriptions_tick",
    "billing.departures_tick",
    "billing.gateways_tick",
    "billing.gateway_nights_tick",
    "billing.attempts_tick",
    "billing.dunning_tick",
    "surveys.tick",
    "surveys.themes_tick",
    "accounts.audit_head_note",
)

SCHEDULE = {
    task: {
        "task": task,
        "schedule": float(TICK_SECONDS),
        # A tick that waited longer than the next one has nothing left to say.
        "options": {"expires": TICK_SECONDS},
    }
    for task in TASKS
}
