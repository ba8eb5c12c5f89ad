"""Reads settings from environment variables, each failing loudly when it is wrong."""

import hashlib
import hmac
import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def env_bool(name: str, *, default: bool) -> bool:
    """This will return True for 1/true/yes, False for 0/false/no, else refuse."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no"}:
        return False
    msg = f"{name} must be 1 or 0, not {value!r}."
    raise ImproperlyConfigured(msg)


def env_int(name: str, *, default: int) -> int:
    """This will return a whole number, else refuse."""
    value = os.environ.get(name, "").strip()
    try:
        return int(value) if value else default
    except ValueError as error:
        msg = f"{name} must be a whole number, not {value!r}."
        raise ImproperlyConfigured(msg) from error


def env_list(name: str, *, default: list[str]) -> list[str]:
    """This will return the comma-separated values of a variable, blanks removed."""
    value = os.environ.get(name)
    if value is None:
        return default
    return [part.strip() for part in value.split(",") if part.strip()]


def env_secret(name: str) -> str:
    """This will return a secret from NAME or from the file that NAME_FILE names."""
    file = os.environ.get(f"{name}_FILE")
    value = Path(file).read_text().strip() if file else os.environ.get(name, "")
    if not value:
        msg = f"Set {name} or {name}_FILE (script/server makes one by itself)."
        raise ImproperlyConfigured(msg)
    return value


def derived_keys(purpose: str, *secrets: str) -> list[bytes]:
    """This will derive a key of its own for a purpose from each secret.

    KEEPWELL_<PURPOSE>_KEY, where set, comes before all of them: links and seals then do
    not depend on the secret key.
    """
    name = f"KEEPWELL_{purpose.upper()}_KEY"
    own = [os.environ[name]] if os.environ.get(name) else []
    return [
        hmac.new(
            secret.encode(), f"keepwell.{purpose}".encode(), hashlib.sha256
        ).digest()
        for secret in [*own, *secrets]
    ]
