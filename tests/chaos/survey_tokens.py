"""Links that were never given to anybody, or no longer count: one answer for all."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median
from urllib.parse import quote

from tests.chaos.mail import Figure
from tests.live import Site
from tests.wire import Reply, Wire, share_out

SEED = 20261122
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STRANGE = "é٣１𝟜ß\u202e\u0000\n\t %&?#;=+\\\"'<>🙂ſ\u0301"
OK, NOT_FOUND = 200, 404


@dataclass
class Seen:
    """What all of them were answered."""

    distinct: Counter[tuple[int, tuple[str, ...], bytes]] = field(
        default_factory=Counter
    )
    times: dict[str, list[float]] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)

    def add(self, kind: str, asked: str, reply: Reply) -> None:
        self.distinct[reply.status, reply.headers, reply.body] += 1
        if reply.status != NOT_FOUND:
            self.opened.append(f"{reply.status} {kind}: {asked}")
        self.times.setdefault(kind, []).append(reply.seconds)


def forged(
    running: Site,
    links: Sequence[tuple[int, str]],
    refused: Mapping[str, Sequence[str]],
    count: int,
) -> list[Figure]:
    """This will try so many tokens that are not genuine, then the genuine ones."""
    genuine, chance, seen = [token for _pk, token in links], Random(SEED), Seen()
    before, began = _left_behind(running), time.monotonic()
    tries = [_try(chance, genuine, refused) for _ in range(count)]

    def knock(wire: Wire, attempt: tuple[str, str, str]) -> None:
        kind, method, path = attempt
        reply = wire.ask(method, path, "step=send&score=9&comment=x")
        seen.add(kind, f"{method} {path}", reply)

    share_out(running.address, tries, knock)
    _tell(seen, time.monotonic() - began)
    wire = Wire(running.address)
    opened = sum(wire.ask("HEAD", f"/s/{token}").status == OK for token in genuine)
    wire.close()
    tried = sum(seen.distinct.values())
    let_in = sum(n for (status, *_), n in seen.distinct.items() if status != NOT_FOUND)
    left = _left_behind(running) - before
    return [
        ("forged or ended tokens", tried, str(count), tried == count),
        ("accepted", let_in, "0", let_in == 0),
        ("left in the database by them", left, "0", left == 0),
        (
            "different answers (status, headers, page)",
            len(seen.distinct),
            "1",
            len(seen.distinct) == 1,
        ),
        ("genuine ones that open", opened, str(len(genuine)), opened == len(genuine)),
    ]


def _left_behind(running: Site) -> int:
    tables = ("surveys_response", "surveys_responseedit", "surveys_click")
    return sum(len(running.rows(f"SELECT id FROM {table}")) for table in tables)


def _tell(seen: Seen, seconds: float) -> None:
    print(f"{'tokens: seconds':<44} {seconds:>8.1f}")
    for kind, times in sorted(seen.times.items()):
        print(f"  {kind:<42} {len(times):>8} ({1000 * median(times):.1f} ms)")
    for line in seen.opened[:10]:
        print(f"  {line}")
    for (status, _headers, body), count in seen.distinct.most_common(5):
        print(f"  {f'answered {status}, {len(body)} bytes':<42} {count:>8}")


def _try(
    chance: Random, genuine: Sequence[str], refused: Mapping[str, Sequence[str]]
) -> tuple[str, str, str]:
    """This will draw a kind, a token of that kind, and how it is asked for."""
    kind = chance.choice([*MADE, *refused])
    token = chance.choice(genuine)
    while token in genuine or "/" in token:
        token = (
            chance.choice(refused[kind])
            if kind in refused
            else MADE[kind](chance, chance.choice(genuine))
        )
    form = chance.choice(["/s/%s", "/s/%s/", "/s/4/%s", "/s/more/%s"])
    method = chance.choice(["GET", "GET", "GET", "POST"])
    return kind, method, form % quote(token, safe="", errors="surrogateescape")


def _random(chance: Random, token: str) -> str:
    head = token.rpartition("-")[0] if chance.random() < 0.5 else "7-1"
    return f"{head}-{_letters(chance, 22)}"


def _letters(chance: Random, count: int) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(count))


def _junk(chance: Random, _token: str) -> str:
    return _letters(chance, chance.randrange(1, 200))


def _flipped(chance: Random, token: str) -> str:
    at, bit = chance.randrange(len(token)), 1 << chance.randrange(7)
    return token[:at] + chr(ord(token[at]) ^ bit) + token[at + 1 :]


def _truncated(chance: Random, token: str) -> str:
    if chance.random() < 0.5:
        return token[: chance.randrange(1, len(token))]
    return token[chance.randrange(1, len(token) - 1) :]


def _lengthened(chance: Random, token: str) -> str:
    more = _letters(chance, chance.randrange(1, 40))
    return chance.choice([token + more, more + token, token + "=", token + "\n"])


def _padded(chance: Random, token: str) -> str:
    """This will write the same numbers in another way."""
    pk, generation, mac = token.split("-", 2)
    return chance.choice(
        [f"0{pk}-{generation}-{mac}", f"{pk}-01-{mac}", f"+{pk}-{generation}-{mac}",
         f" {token}", f"{token} ", f"{pk}-{generation}-{mac.swapcase()}"]
    )  # fmt: skip


def _unicode(chance: Random, token: str) -> str:
    at, strange = chance.randrange(len(token)), chance.choice(STRANGE)
    if chance.random() < 0.2:
        # Digits that are digits to Python and to nobody else.
        return token.translate({ord("1"): "１", ord("2"): "٢"}) + strange
    return token[:at] + strange + token[at + 1 :]


def _bytes(chance: Random, token: str) -> str:
    """This will put in bytes that are no UTF-8."""
    at = chance.randrange(len(token))
    return f"{token[:at]}\udcff\udcfe{token[at:]}"


MADE: dict[str, Callable[[Random, str], str]] = {
    "random": _random,
    "junk": _junk,
    "one bit flipped": _flipped,
    "cut off": _truncated,
    "lengthened": _lengthened,
    "written otherwise": _padded,
    "strange letters": _unicode,
    "no letters": _bytes,
}
