"""What every way out has in common: four outcomes, and no others."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives

from common.errors import KeepwellError


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side has taken the message."""

    reply: str
    provider_id: str = ""


class TransportError(KeepwellError):
    """The message has not been taken, or nobody knows. The text is the server's own."""


class Unreachable(TransportError):
    """We ourselves were not let in: no connection, wrong password, refused as a sender.

    No fault of the message: it stays pending and the whole outbox waits a little.
    """


class RefusedForNow(TransportError):
    """A 4xx: this message may be tried again later. It has certainly not been taken."""


class RefusedForGood(TransportError):
    """A 5xx: trying again is useless. It has certainly not been taken."""

    def __init__(self, message: str, *, dead_address: bool = False) -> None:
        super().__init__(message)
        # The recipient's address does not exist: nothing should go there any more.
        self.dead_address = dead_address


class Unclear(TransportError):
    """The message went out and no answer came back. Never to be tried again blindly."""


class Transport(ABC):
    """A way out. Used by one process, for many messages, then closed."""

    @abstractmethod
    def send(self, email: EmailMultiAlternatives, *, message_id: int) -> Receipt:
        """This will hand over one mail and wait for the answer.

        Opens the connection when there is none. Every wait in it has an end. Raises one of
        the errors above, Unclear whenever in doubt. Call it outside any transaction.
        """

    def check(self) -> str:
        """This will connect and sign in, send nothing, and return the server's greeting."""
        return ""

    @abstractmethod
    def close(self) -> None:
        """This will end the connection, if there is one; never raises."""
