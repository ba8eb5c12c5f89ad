"""This module will make the environment that the application is run with."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from devstack.places import CHECKOUT, Places, secret_key

ADDRESSES = ("DATABASE_URL", "REDIS_URL")


def given_addresses(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """This will return the server addresses a person set; empty ones do not count."""
    return {name: environ[name] for name in ADDRESSES if environ.get(name)}


def application_environment(
    places: Places,
    addresses: Mapping[str, str],
    *,
    demo: bool | None = None,
    base_url: str = "",
    environ: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """This will return the whole environment of manage.py, web, worker and beat.

    What a person set is kept; the rest suits a plain http server on this machine.
    """
    defaults = {
        "KEEPWELL_DEBUG": "0",
        "KEEPWELL_HTTPS": "0",
        "KEEPWELL_ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "KEEPWELL_STATIC_ROOT": str(places.static),
        "KEEPWELL_AUDIT_HEADS": str(places.var / "audit_heads"),
        "KEEPWELL_DATA": str(CHECKOUT.parent / "shared" / "data"),
    }
    made = {
        **defaults,
        **{name: value for name, value in environ.items() if value},
        **addresses,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "KEEPWELL_STATE": str(places.state),
        "PATH": with_our_programs(environ.get("PATH", "")),
        # Lines appear when they are written, not when a buffer is full.
        "PYTHONUNBUFFERED": "1",
    }
    if base_url:
        made.setdefault("KEEPWELL_BASE_URL", base_url)
    if demo is not None:
        made["KEEPWELL_DEMO"] = "1" if demo else "0"
    if not {"KEEPWELL_SECRET_KEY", "KEEPWELL_SECRET_KEY_FILE"} & set(made):
        made["KEEPWELL_SECRET_KEY"] = secret_key(places)
    return made


def with_our_programs(path: str) -> str:
    """This will put the virtual environment's programs first on a PATH."""
    ours = str(Path(sys.executable).parent)
    return ours if not path else f"{ours}{os.pathsep}{path}"
