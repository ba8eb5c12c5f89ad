"""The sealed secrets of the way out, and where they may go."""

import json

from common.sealing import UnableToUnseal, unseal
from mail.enums import Security, ServerKind
from mail.models import MailServer
from mail.transport.providers import PROVIDERS

# The name under which SMTP's password is kept, not a password.
PASSWORD = "password"  # noqa: S105
LOCAL_NAMES = frozenset({"localhost", "::1", "[::1]"})


def server_stored() -> MailServer:
    """This will return the row as the database writes it, made when missing."""
    MailServer.objects.get_or_create(id=1)
    return MailServer.objects.get(id=1)


def secrets_of(server: MailServer) -> dict[str, str]:
    """This will open what is sealed; raises UnableToUnseal after a lost secret key."""
    opened: dict[str, str] = (
        json.loads(unseal(server.secrets)) if server.secrets else {}
    )
    return opened


def secrets_readable(server: MailServer) -> dict[str, str]:
    """This will open what is sealed, and find nothing where the key is lost."""
    try:
        return secrets_of(server)
    except UnableToUnseal:
        return {}


def destination(server: MailServer, kind: str) -> tuple[str, ...]:
    """This will say to whom stored secrets of a kind are shown.

    A password typed for one server must not reach another one because somebody changed
    the server's name; nor travel in the open where it was protected before.
    """
    if kind == ServerKind.PROVIDER:
        return server.provider, str(server.options.get("api_url", ""))
    open_road = server.security == Security.NONE and not is_local(server.host)
    return server.host, "open" if open_road else ""


def secret_names(server: MailServer) -> frozenset[str]:
    """This will name the secrets that the chosen way out knows."""
    if server.kind == ServerKind.SMTP:
        return frozenset({PASSWORD})
    if server.kind == ServerKind.PROVIDER and server.provider in PROVIDERS:
        fields = PROVIDERS[server.provider].fields
        return frozenset(field.name for field in fields if field.secret)
    return frozenset()


def secrets_kept(stored: MailServer, wanted: MailServer) -> dict[str, str]:
    """This will return the stored secrets that still go to the same place.

    While mail stays here all are kept for later, if nothing else about them changes.
    """
    here = wanted.kind == ServerKind.MAILBOX
    ways = (ServerKind.SMTP, ServerKind.PROVIDER) if here else (wanted.kind,)
    if any(destination(stored, way) != destination(wanted, way) for way in ways):
        return {}
    found, known = secrets_readable(stored), secret_names(wanted)
    return {name: text for name, text in found.items() if here or name in known}


def is_local(host: str) -> bool:
    """This will be true of this machine's own names."""
    return host.lower() in LOCAL_NAMES or host.startswith("127.")


def is_unprotected(server: MailServer) -> bool:
    """This will be true where mail and password travel in the open."""
    return (
        server.kind == ServerKind.SMTP
        and server.security == Security.NONE
        and bool(server.host)
        and not is_local(server.host)
    )
