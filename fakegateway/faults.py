"""What goes wrong on purpose, drawn with a seed or told one by one."""

import random
import re
from dataclasses import dataclass, field
from typing import Any

from fakegateway.errors import Refusal

# lose: the connection is closed without an answer; before or after the work was done.
# error: 500, which Stripe keeps for the key; hang: the answer comes too late.
KINDS = (
    "none",
    "lose_before",
    "lose_after",
    "error_before",
    "error_after",
    "hang_before",
    "hang_after",
    "limit",
    "unavailable",
    "conflict",
)
CHARGES = r"^POST /v1/(invoices/[^/]+/pay|payment_intents/[^/]+/confirm)$"


@dataclass
class Faults:
    """`rates` are drawn for each request that fits `where`; `script` comes first."""

    rates: dict[str, float] = field(default_factory=dict)
    script: list[str] = field(default_factory=list)
    where: str = CHARGES
    hang: float = 5.0
    latency: float = 0.0
    retry_after: int = 1
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311

    @classmethod
    def told(cls, said: dict[str, Any]) -> "Faults":
        """This will make them from what the control API was sent. ValueError."""
        named = {*said.get("rates", {}), *said.get("script", [])}
        if strange := named - set(KINDS):
            msg = f"No such fault: {sorted(strange)}"
            raise ValueError(msg)
        re.compile(said.get("where", CHARGES))
        known = {k: v for k, v in said.items() if k != "seed"}
        seeded = random.Random(said.get("seed", 0))  # noqa: S311
        return cls(**known, chance=seeded)

    def drawn(self, verb: str, path: str) -> str:
        """This will say what goes wrong with a request; "none" for nothing."""
        if not re.search(self.where, f"{verb} {path}"):
            return "none"
        if self.script:
            return self.script.pop(0)
        left = self.chance.random() if self.rates else 1.0
        for name, rate in self.rates.items():
            left -= rate
            if left < 0:
                return name
        return "none"


def broken() -> Refusal:
    """This will return what a failure inside of Stripe looks like."""
    return Refusal(500, "api_error", "An unknown error occurred")


def refusal_for(fault: str, retry_after: int) -> Refusal | None:
    """This will return what is answered instead, where the fault is an answer."""
    if fault == "limit":
        words = "Request rate limit exceeded."
        made = Refusal(429, "invalid_request_error", words, code="rate_limit")
        made.headers = {
            "Retry-After": str(retry_after),
            "Stripe-Rate-Limited-Reason": "endpoint-rate",
        }
        return made
    if fault == "unavailable":
        return Refusal(503, "api_error", "The service is not available.")
    if fault == "conflict":
        words = "There is currently another in-progress request using this key."
        return Refusal(
            *(409, "idempotency_error", words), code="idempotency_key_in_use"
        )
    return None
