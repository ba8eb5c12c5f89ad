"""What a mail server's answers mean. Pure."""

import re

from mail.transport.base import RefusedForGood, RefusedForNow

LONGEST = 500
SERVICE_CLOSING = 421
# Codes that can mean "there is no such mailbox" …
NO_MAILBOX = frozenset({550, 551, 553, 556})
# … and enhanced codes (RFC 3463, RFC 7505) that do: the address, not our mail, is at fault.
BAD_ADDRESS = re.compile(r"\b5\.1\.(?:0|1|2|3|6|10)\b")
ENHANCED = re.compile(r"^\s*[245]\.\d{1,3}\.\d{1,3}\b")


def words(code: int, said: bytes | str) -> str:
    """This will return an answer in the server's own words, on one line."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"{code} {' '.join(shown.split())}".strip()[:LONGEST]


def refusal(
    code: int, said: bytes, *, of_recipient: bool = False
) -> RefusedForNow | RefusedForGood | None:
    """This will sort a refusing answer: 4xx for now, 5xx for good, None for no refusal."""
    text = words(code, said)
    if 400 <= code < 500:
        return RefusedForNow(text)
    if 500 <= code < 600:
        return RefusedForGood(text, dead_address=of_recipient and is_dead(code, said))
    return None


def is_dead(code: int, said: bytes) -> bool:
    """This will tell whether an answer to RCPT says that the address does not exist.

    Servers also answer 550 when they do not like us (5.7.x); that says nothing about the
    address. Without an enhanced code 550, 551 and 553 are taken at their word.
    """
    text = said.decode("utf-8", "replace")
    if code not in NO_MAILBOX:
        return False
    if code == 556 or not ENHANCED.match(text):
        return True
    return bool(BAD_ADDRESS.search(text))
