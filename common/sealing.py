"""Passwords of other services, unreadable in the database and in its dumps."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from common.errors import KeepwellError


class UnableToUnseal(KeepwellError):
    """The text was sealed under a secret key that this installation does not have."""


def seal(text: str) -> str:
    """This will encrypt a text under the secret key (Fernet: AES-128-CBC, HMAC-SHA-256)."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """This will decrypt; older keys (SECRET_KEY_FALLBACKS) are tried in turn."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        msg = (
            "A stored password cannot be read: the secret key has changed. "
            "Type the password again, or name the old key in "
            "KEEPWELL_SECRET_KEY_FALLBACKS."
        )
        raise UnableToUnseal(msg) from None


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(
            base64.urlsafe_b64encode(
                hashlib.sha256(f"keepwell.sealing:{key}".encode()).digest()
            )
        )
        for key in keys
    )
