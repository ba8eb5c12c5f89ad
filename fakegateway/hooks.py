"""Webhooks, signed as Stripe signs them, told nicely or not."""

import hashlib
import hmac
import json
import random
from dataclasses import dataclass, field
from typing import Any

from fakegateway.errors import Obj
from fakegateway.shown import shown
from fakegateway.store import Store

# How a forged webhook is wrong.
FORGERIES = (
    "wrong_secret",
    "changed_body",
    "old",
    "no_signature",
    "no_header",
    "old_scheme",
    "no_time",
    "cut_signature",
    "nonsense",
)
OLD_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request to make; `forged` says how it is wrong, "" for a true one."""

    event: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    forged: str = ""


def signature(body: bytes, secret: str, moment: int, scheme: str = "v1") -> str:
    """This will return one `v1=…` of a signature header."""
    signed = f"{moment}.".encode() + body
    return f"{scheme}={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


def header(body: bytes, secrets: list[str], moment: int) -> str:
    """This will sign with every secret, as Stripe does while one is being rolled."""
    return ",".join([f"t={moment}", *(signature(body, s, moment) for s in secrets)])


def delivery(store: Store, name: str, secrets: list[str], moment: int) -> Delivery:
    """This will write an event as it is sent."""
    told = shown(store, store.find("event", name))
    body = json.dumps(told, indent=2).encode()
    return Delivery(name, body, _headers(header(body, secrets, moment)))


def _headers(signed: str | None) -> dict[str, str]:
    plain = {"Content-Type": "application/json; charset=utf-8"}
    return plain if signed is None else {**plain, "Stripe-Signature": signed}


def forged(true: Delivery, how: str, secrets: list[str], moment: int) -> Delivery:
    """This will make something of an event that nobody may believe."""
    body = true.body
    signed: str | None = true.headers["Stripe-Signature"]
    if how == "wrong_secret":
        signed = header(body, ["whsec_somebody_else"], moment)
    elif how == "changed_body":
        body = body.replace(b'"livemode": false', b'"livemode": true ', 1)
    elif how == "old":
        signed = header(body, secrets, moment - OLD_SECONDS)
    elif how == "no_signature":
        signed = f"t={moment}"
    elif how == "no_header":
        signed = None
    elif how == "old_scheme":
        signed = f"t={moment},{signature(body, secrets[0], moment, 'v0')}"
    elif how == "no_time":
        signed = signature(body, secrets[0], moment)
    elif how == "cut_signature":
        signed = (signed or "")[:-1]
    else:
        signed = "nonsense,=,,t=x"
    return Delivery(true.event, body, _headers(signed), how)


def planned(
    store: Store,
    events: list[str],
    secrets: list[str],
    *,
    copies: tuple[int, int] = (1, 1),
    shuffle: bool = False,
    drop: float = 0.0,
    forge: int = 0,
    forgeries: tuple[str, ...] = FORGERIES,
    seed: int = 0,
    moment: int | None = None,
) -> list[Delivery]:
    """This will say what is sent, in which order: true events, copies and forgeries."""
    chance = random.Random(seed)  # noqa: S311 (a test is repeated with its seed)
    at = store.clock.now() if moment is None else moment
    true = {name: delivery(store, name, secrets, at) for name in dict.fromkeys(events)}
    told = [true[name] for name in events if chance.random() >= drop]
    told = [one for one in told for _copy in range(chance.randint(*copies))]
    if shuffle:
        chance.shuffle(told)
    false = [
        forged(true[chance.choice(events)], chance.choice(forgeries), secrets, at)
        for _turn in range(forge if events else 0)
    ]
    for one in false:
        told.insert(chance.randint(0, len(told)), one)
    return told


def options(said: Obj) -> dict[str, Any]:
    """This will read how to deliver from what the control API was sent."""
    made: dict[str, Any] = {
        name: said[name]
        for name in ("shuffle", "drop", "forge", "seed", "moment")
        if name in said
    }
    if "copies" in said:
        low, high = said["copies"]
        made["copies"] = (int(low), int(high))
    if "forgeries" in said:
        made["forgeries"] = tuple(said["forgeries"])
    return made
