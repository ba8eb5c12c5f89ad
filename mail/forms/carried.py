"""Secrets that were typed and are not saved yet, on their way from page to page.

A page never shows a secret, so what was typed would be lost when the page comes back with
an error or with a test's result. It travels along sealed under the secret key, for an hour,
for one person, and for one server.
"""

import json
import time
from collections.abc import Mapping

from common.sealing import UnableToUnseal, seal, unseal
from mail.models import MailServer
from mail.services.secrets import destination, secret_names

SECONDS = 3600


def secrets_carry(secrets: Mapping[str, str], server: MailServer, person: int) -> str:
    """This will seal typed secrets together with whom and what they are for."""
    return seal(json.dumps([*_purpose(server, person), time.time(), dict(secrets)]))


def carried_secrets(text: str, server: MailServer, person: int) -> dict[str, str]:
    """This will open what was carried; nothing, if it is for another server or too old."""
    try:
        *purpose, moment, secrets = json.loads(unseal(text)) if text else [0, {}]
    except (UnableToUnseal, ValueError):
        return {}
    fresh = time.time() - moment < SECONDS
    if purpose != _purpose(server, person) or not fresh:
        return {}
    known = secret_names(server)
    return {name: value for name, value in secrets.items() if name in known}


def _purpose(server: MailServer, person: int) -> list[object]:
    kind = str(server.kind)
    return ["carried", person, kind, list(destination(server, kind))]
