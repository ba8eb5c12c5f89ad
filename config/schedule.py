"""Every periodic entry. Beat only ticks; the database decides what is due."""

from config.environment import env_int

# A minute; fault tests tick faster.
TICK_SECONDS = env_int("KEEPWELL_TICK_SECONDS", default=60)

SCHEDULE = {
    "tick": {
        "task": "health.tick",
        "schedule": float(TICK_SECONDS),
        # A tick that waited longer than the next one has nothing left to say.
        "options": {"expires": TICK_SECONDS},
    },
}
