"""Tokens of links that stand in mails.

A token is 128 bits of HMAC over what the link is for, a row and a generation, so it can be
made again when the mail is rendered and needs not be stored in words. The key is one of
its own (KEEPWELL_LINK_KEY, else derived from the secret key); older keys go on opening
links, so that a changed secret does not break what lies in people's mailboxes.
"""

import base64
import hashlib
import hmac

from django.conf import settings

TOKEN_BYTES = 16


def link_token(purpose: str, pk: int, generation: int = 1) -> str:
    """This will return `<id>-<generation>-<22 letters>` for a row's link."""
    return f"{pk}-{generation}-{_mac(settings.LINK_KEYS[0], purpose, pk, generation)}"


def link_read(purpose: str, token: str) -> tuple[int, int] | None:
    """This will return the row's id and the generation of a genuine token, else None.

    Compares in constant time under every key. Whether the link still counts (expired,
    withdrawn, an older generation) is for the row to say.
    """
    parts = token.split("-", 2)
    if len(parts) != 3 or not all(
        part.isascii() and part.isdigit() and len(part) <= 18 for part in parts[:2]
    ):
        return None
    pk, generation = int(parts[0]), int(parts[1])
    if parts[:2] != [str(pk), str(generation)]:
        # The same numbers written otherwise ("007") are no second link to the row.
        return None
    given = parts[2].encode(errors="replace")
    genuine = any(
        [  # noqa: C419 - every key is tried, so the time tells nothing
            hmac.compare_digest(_mac(key, purpose, pk, generation).encode(), given)
            for key in settings.LINK_KEYS
        ]
    )
    return (pk, generation) if genuine else None


def _mac(key: bytes, purpose: str, pk: int, generation: int) -> str:
    message = f"{purpose}:{pk}:{generation}".encode()
    mac = hmac.new(key, message, hashlib.sha256).digest()[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")
