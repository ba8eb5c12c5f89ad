"""Traces of addresses under this installation's keys."""

from django.conf import settings

from mail.calculations.addresses import address_hash


def hash_of(email: str) -> str:
    """This will return the trace to store: under the newest key."""
    return address_hash(email, settings.LINK_KEYS[0])


def hashes_of(email: str) -> list[str]:
    """This will return the traces to look for: what was stored under an older key counts.

    Empty for no address, so that nothing is ever found for it.
    """
    return [address_hash(email, key) for key in settings.LINK_KEYS] if email else []
