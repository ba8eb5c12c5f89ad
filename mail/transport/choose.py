"""Which way out the settings name."""

from mail.enums import ServerKind
from mail.models import MailServer
from mail.transport.base import Transport
from mail.transport.mailbox import LocalMailbox
from mail.transport.provider import ProviderTransport
from mail.transport.smtp import SmtpTransport


def transport_for(server: MailServer) -> Transport:
    """This will return the way out, not yet opened."""
    match server.kind:
        case ServerKind.SMTP:
            return SmtpTransport(server)
        case ServerKind.PROVIDER:
            return ProviderTransport(server)
        case _:
            return LocalMailbox()
