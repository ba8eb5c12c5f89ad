"""The outbox, who gets no mail, how mail leaves, and the words that people write."""

from mail.models.mailbox import MailboxMessage, ProviderEvent
from mail.models.message import OutboxMessage
from mail.models.server import MailServer, Sender
from mail.models.suppression import Suppression
from mail.models.template import Template, TemplateVersion

__all__ = [
    "MailServer",
    "MailboxMessage",
    "OutboxMessage",
    "ProviderEvent",
    "Sender",
    "Suppression",
    "Template",
    "TemplateVersion",
]
