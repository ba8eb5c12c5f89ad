"""What all mails of this installation have in common."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import Company
from common.dates import first_zone
from mail.calculations.colours import Palette, palette
from mail.models import OutboxMessage, Sender


@dataclass(frozen=True)
class Frame:
    """The company and the sender of mails that name none. Read once for a whole batch."""

    company: Company
    sender: Sender | None

    @cached_property
    def base_url(self) -> str:
        """Where links lead; without an address in the settings, to the first host."""
        if given := self.company.base_url or settings.BASE_URL:
            return given.rstrip("/")
        hosts = [name for name in settings.ALLOWED_HOSTS if name[:1] not in {"*", "."}]
        scheme = "https" if settings.HTTPS else "http"
        return f"{scheme}://{hosts[0] if hosts else 'localhost'}"

    @cached_property
    def host(self) -> str:
        """The name in the address, without a port."""
        return urlsplit(self.base_url).hostname or "localhost"

    @cached_property
    def palette(self) -> Palette:
        """The company's colour, readable."""
        return palette(self.company.accent)


def frame_load() -> Frame:
    """This will read the frame; two queries."""
    company = Company.objects.filter(id=1).first() or Company()
    sender = Sender.objects.filter(is_default=True).first()
    return Frame(company=company, sender=sender)


def zone_of(message: OutboxMessage, frame: Frame) -> ZoneInfo:
    """This will return the recipient's time zone, else the company's, else UTC."""
    return first_zone(
        message.contact.time_zone if message.contact else "",
        message.user.time_zone if message.user else "",
        frame.company.time_zone,
    )
