"""Forgeries against the webhooks of all providers; a part of `script/chaos webhooks`."""

import base64
import hashlib
import hmac
import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

SEED = 20261123
SECRET, WORD = "the-secret", "keepwell:the-password"
THREADS = 4
KINDS = ("stripe", "paddle", "recurly", "chargebee")
# A true one among so many: it must be taken, or nothing was checked.
TRUE_EVERY = 250
HOUR = 3_600
Headers = list[tuple[str, str]]
Figure = tuple[str, Any, str, bool]


@dataclass(frozen=True)
class Knock:
    """One request; `how` it is wrong, "" for a true one."""

    kind: str
    body: bytes
    headers: Headers
    how: str


def forged(port: int, count: int) -> list[Figure]:
    """This will knock so often with something that nobody may believe."""
    accounts()
    knocks = [knock(number) for number in range(count)]
    answers = sent(port, knocks)
    wrong = Counter(
        (one.kind, one.how) for one, status in answers if one.how and status != 400
    )
    true = [status for one, status in answers if not one.how]
    ways = Counter((one.kind, one.how) for one, _status in answers if one.how)
    for line in wrong:
        print("accepted:", *line)
    stored = taken()
    return [
        ("forgeries", sum(ways.values()), f">= {count * 99 // 100}", sum(ways.values()) >= count * 99 // 100),
        ("ways to forge", len(ways), ">= 40", len(ways) >= 40),
        ("forgeries accepted", sum(wrong.values()), "0", not wrong),
        ("true ones among them, taken", true.count(200), str(len(true)), 0 < len(true) == true.count(200)),
        ("events stored", stored, str(len(true)), stored == len(true)),
    ]  # fmt: skip


def accounts() -> None:
    """This will make an account of each provider."""
    from django.utils import timezone

    from billing.models import GatewayAccount
    from billing.services.gateways.access import access_sealed

    for kind in KINDS:
        word = WORD if kind == "chargebee" else SECRET
        GatewayAccount.objects.create(
            kind=kind,
            name=f"forged {kind}",
            hook_key=f"forged-{kind}",
            created_at=timezone.now(),
            secrets=access_sealed(key="", hooks=[word]),
        )


def taken() -> int:
    from django.db import connection

    from billing.models import GatewayEvent

    connection.close()
    return GatewayEvent.objects.filter(account__name__startswith="forged").count()


def address(kind: str) -> str:
    return f"/hooks/gateways/{kind}/forged-{kind}/"


def event(kind: str, number: int) -> bytes:
    """What each provider sends of something that says nothing to us."""
    told: dict[str, Any] = {
        "stripe": {
            "id": f"evt_{number}", "object": "event", "type": "balance.available",
            "livemode": False, "created": int(time.time()),
            "data": {"object": {"object": "balance"}},
        },
        "paddle": {
            "event_id": f"evt_{number}", "event_type": "address.created",
            "occurred_at": "2026-06-01T10:00:00Z", "data": {"id": "add_1"},
        },
        "recurly": {
            "id": f"ev{number}", "object_type": "gift_card", "event_type": "created",
            "event_time": "2026-06-01T10:00:00Z",
        },
        "chargebee": {
            "id": f"ev_{number}", "event_type": "coupon_created", "occurred_at": 1,
            "content": {},
        },
    }[kind]  # fmt: skip
    return json.dumps(told).encode()


def mac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def proof(kind: str, body: bytes, moment: int, secret: str = SECRET) -> Headers:
    """The headers that a provider would send."""
    match kind:
        case "stripe":
            sign = mac(secret, f"{moment}.".encode() + body)
            return [("Stripe-Signature", f"t={moment},v1={sign}")]
        case "paddle":
            sign = mac(secret, f"{moment}:".encode() + body)
            return [("Paddle-Signature", f"ts={moment};h1={sign}")]
        case "recurly":
            told = f"{moment}000"
            sign = mac(secret, f"{told}.".encode() + body)
            return [("recurly-signature", f"{told},{sign}")]
        case _:
            word = WORD if secret == SECRET else secret
            return [
                ("Authorization", f"Basic {base64.b64encode(word.encode()).decode()}")
            ]


WAYS = (
    "body changed", "body cut", "body longer", "another secret", "empty secret",
    "signature changed", "signature cut", "of another body", "no header",
    "twice: false and of another body", "twice: an old one and a fresh moment",
    "too old", "of the future", "moment moved", "nonsense", "another provider's",
)  # fmt: skip
# A password proves the sender and not the body, and has no moment.
OF_A_PASSWORD = ("another secret", "empty secret", "signature changed", "signature cut", "no header", "nonsense", "another provider's")  # fmt: skip


def knock(number: int) -> Knock:
    """This will make one request, wrong in one way, or a true one now and then."""
    chance = Random(SEED + number)
    kind = KINDS[number % 4]
    body, now = event(kind, number), int(time.time())
    right = proof(kind, body, now)
    if number % TRUE_EVERY < 4 and number % TRUE_EVERY == number % 4:
        return Knock(kind, body, right, "")
    how = chance.choice(OF_A_PASSWORD if kind == "chargebee" else WAYS)
    return Knock(kind, *wrong(kind, how, body, right, now, chance), how)


def wrong(
    kind: str, how: str, body: bytes, right: Headers, now: int, chance: Random
) -> tuple[bytes, Headers]:
    [(name, value)] = right
    place = chance.randrange(len(body))
    other = body + b" "
    match how:
        case "body changed":
            return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :], right
        case "body cut":
            return body[:place], right
        case "body longer":
            return body + chance.choice([b" ", b"\n", b"{}", b"\0"]), right
        case "another secret":
            return body, proof(kind, body, now, secret=f"secret-{chance.random()}")
        case "empty secret":
            return body, proof(kind, body, now, secret="")
        case "signature changed":
            return body, [(name, changed(value, chance))]
        case "signature cut":
            return body, [(name, value[: -chance.randint(1, 12)])]
        case "of another body":
            return body, proof(kind, other, now)
        case "no header":
            return body, []
        case "twice: false and of another body":
            return body, [*proof(kind, body, now, secret="x"), *proof(kind, other, now)]
        case "twice: an old one and a fresh moment":
            old = proof(kind, body, now - HOUR)
            return body, [(name, value[:14]), *old] if chance.random() < 0.5 else [
                *old,
                (name, value[:14]),
            ]
        case "too old":
            return body, proof(kind, body, now - chance.randint(330, 10 * HOUR))
        case "of the future":
            # A machine that is busy may bring it minutes later.
            return body, proof(kind, body, now + chance.randint(HOUR, 10 * HOUR))
        case "moment moved":
            return body, [
                (
                    name,
                    value.replace(str(now), str(now + chance.choice([-2, -1, 1, 2]))),
                )
            ]
        case "another provider's":
            beside = {
                "stripe": "paddle",
                "paddle": "recurly",
                "recurly": "stripe",
                "chargebee": "stripe",
            }
            return body, [(name, proof(beside[kind], body, now)[0][1])]
        case _:
            return body, [
                (
                    name,
                    chance.choice(
                        [
                            "",
                            ",",
                            "t=,v1=",
                            "a" * 5_000,
                            "ts=1;h1=1;ts=2",
                            "%00",
                            "Basic",
                        ]
                    ),
                )
            ]


def changed(value: str, chance: Random) -> str:
    """This will change one sign of what proves."""
    place = len(value) - chance.randint(3, 40)
    sign = "0" if value[place] != "0" else "1"
    return value[:place] + sign + value[place + 1 :]


def sent(port: int, knocks: Sequence[Knock]) -> list[tuple[Knock, int]]:
    """This will knock over some connections, and note what was answered."""
    answers: list[tuple[Knock, int]] = []

    def run(part: Sequence[Knock]) -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        answers.extend((one, _status(link, one)) for one in part)
        link.close()

    threads = [
        threading.Thread(target=run, args=[knocks[number::THREADS]])
        for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(knocks)
    return answers


def _status(link: http.client.HTTPConnection, one: Knock) -> int:
    for turn in range(20):
        try:
            link.putrequest("POST", address(one.kind))
            link.putheader("Content-Length", str(len(one.body)))
            for name, value in one.headers:
                link.putheader(name, value)
            link.endheaders(one.body)
            reply = link.getresponse()
            reply.read()
        except (OSError, http.client.HTTPException):
            # The server closes connections that were silent.
            link.close()
            time.sleep(0.05 * turn)
        else:
            return reply.status
    return 0
