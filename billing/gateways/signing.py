"""Proving that a webhook comes from whom it says: keyed hashes and a moment.

Every secret is tried on every signature, so that the time taken tells nothing, and an
older secret holds while a new one is spread.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable, Sequence

from billing.gateways.base import UnableToTrust, UnableToTrustTime

# What the providers' own libraries allow (Stripe, Recurly: five minutes).
TOLERANCE_SECONDS = 300


def hmac_hex(secret: str, message: bytes) -> str:
    """This will return the HMAC-SHA256 of a message, in small hexadecimal letters."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def signature_check(
    message: bytes, *, given: Iterable[str], secrets: Sequence[str]
) -> None:
    """This will raise UnableToTrust unless one secret made one of the signatures."""
    signatures = [one.encode() for one in given]
    made = [hmac_hex(secret, message).encode() for secret in secrets if secret]
    right = [hmac.compare_digest(a, b) for a in made for b in signatures]
    if not any(right):
        msg = "No signature fits."
        raise UnableToTrust(msg)


def moment_check(sent_at: dt.datetime, *, now: dt.datetime) -> None:
    """This will raise UnableToTrustTime for what was signed too long ago, or in the future.

    To be asked after the signature: only then is the moment anything to go by.
    """
    ahead = (sent_at - now).total_seconds()
    if abs(ahead) > TOLERANCE_SECONDS:
        raise UnableToTrustTime(ahead)


def moment_read(text: str) -> dt.datetime:
    """This will read a moment in seconds or in milliseconds; UnableToTrust if it is none."""
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 13):
        msg = "The signature has no moment."
        raise UnableToTrust(msg)
    number = int(text)
    seconds = number / 1000 if len(text) > 11 else float(number)
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def password_check(authorization: str, *, secrets: Sequence[str]) -> None:
    """This will raise UnableToTrust unless HTTP's basic access carries "user:password"."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        given = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        given = b""
    right = [hmac.compare_digest(given, one.encode()) for one in secrets if one]
    if scheme.lower() != "basic" or not any(right):
        msg = "No password fits."
        raise UnableToTrust(msg)
