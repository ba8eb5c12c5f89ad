"""Who does something, and from where. Every audited service is given one as `by`."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accounts.address import client_address
from accounts.models import User

AGENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Actor:
    """A person at an address, or the machine itself (no user)."""

    user: User | None = None
    address: str = ""
    agent: str = ""


# The nightly run, the tick, a webhook.
MACHINE = Actor(agent="keepwell")
# Somebody with a shell on the machine: script/manage.
CONSOLE = Actor(agent="console")


def actor_of(request: HttpRequest) -> Actor:
    """This will say who sends the request and from where."""
    user: Any = request.user
    return Actor(
        user=user if user.is_authenticated else None,
        address=client_address(request),
        agent=request.headers.get("User-Agent", "")[:AGENT_LENGTH],
    )
