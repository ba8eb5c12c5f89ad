"""The way out of an installation without a mail server: a page for its administrators."""

from django.core.mail import EmailMultiAlternatives
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from mail.models import MailboxMessage
from mail.transport.base import Receipt, Transport


class LocalMailbox(Transport):
    """Keeps each mail as it would have gone out. The mailbox is the recipient, so the
    links in it are real and can be tried."""

    def send(self, email: EmailMultiAlternatives, *, message_id: int) -> Receipt:
        """This will store the mail; the same message is stored once, however often asked."""
        raw = email.message().as_bytes(linesep="\r\n")
        row = MailboxMessage(message_id=message_id, raw=raw, received_at=Now())
        MailboxMessage.objects.bulk_create([row], ignore_conflicts=True)
        return Receipt(_("Kept in the local mailbox."))

    def check(self) -> str:
        """This will always find the mailbox there."""
        return _("The local mailbox keeps all mail on this machine.")

    def close(self) -> None:
        """There is nothing to end."""
