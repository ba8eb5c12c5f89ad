"""What Keepwell asks of a gateway, and how a gateway may answer.

Every call waits a bounded time and is made outside any transaction. What is asked twice
with one key happens once.
"""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from billing.enums import GatewayKind, ObjectKind
from billing.gateways.objects import Hint, Hints, Page, Remote
from common.errors import KeepwellError


class UnableToReachGateway(KeepwellError):
    """Nothing was done there, certainly: it can be asked again. `after` seconds if told."""

    def __init__(self, text: str, *, after: float | None = None) -> None:
        super().__init__(text)
        self.after = after


class UnableToUseGateway(KeepwellError):
    """The gateway refuses us ourselves: a key that is wrong or may not do this."""


class UnableToDoThere(KeepwellError):
    """The gateway understood what was asked and will not do it; the text says why."""


class UnableToTrust(KeepwellError):
    """A webhook proved nothing. Nobody is told why."""


class UnableToTrustTime(UnableToTrust):
    """A webhook is signed rightly, `seconds` ahead of our clock (behind if negative).

    An old one that somebody sends again, or a clock that is wrong: ours or theirs.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__("The moment in the signature is too far from ours.")
        self.seconds = seconds


class UnableToRead(KeepwellError):
    """A webhook is the gateway's, and is not what it should be."""


class Outcome(StrEnum):
    """What became of a charge. UNKNOWN: it may have happened; it must be asked about."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    NEEDS_ACTION = "needs_action"
    UNKNOWN = "unknown"
    NOT_MADE = "not_made"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway says of one charge.

    `payment` is its number of the payment. DECLINED carries its `code` and `message`;
    NEEDS_ACTION the page on which the customer confirms. `amount` is what came in.
    """

    outcome: Outcome
    payment: str = ""
    amount: Decimal | None = None
    happened_at: dt.datetime | None = None
    method: str = ""
    code: str = ""
    message: str = ""
    action_url: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """How to come in: the secret key and the secrets that webhooks are signed with."""

    key: str
    hooks: tuple[str, ...] = ()


class Gateway(ABC):
    """One provider. What it can do for us at all, its class says."""

    kind: ClassVar[GatewayKind]
    # Whether we can charge there.
    charges: ClassVar[bool] = False
    # Whether we can ask for everything there: for imports and the reconciliation.
    asks: ClassVar[bool] = False
    # Its events carry the state of what they name; otherwise each object is fetched.
    carries: ClassVar[bool] = False

    def __init__(self, access: Access) -> None:
        self.access = access

    @abstractmethod
    def hint(
        self, body: bytes, headers: Mapping[str, str], *, now: dt.datetime
    ) -> Hint:
        """This will read a webhook from its raw bytes.

        Raises UnableToTrust for one that is not signed by the gateway, UnableToTrustTime
        for one that is but more than five minutes away from `now`, and UnableToRead for
        one that makes no sense. Compares in constant time (`billing.gateways.signing`).
        """

    def check(self) -> str:
        """This will ask who we are there, and return the account's name and number."""
        raise NotImplementedError

    def charge(
        self, *, invoice: str, method: str, amount: Decimal, currency: str, key: str
    ) -> Answer:
        """This will try to collect an invoice now, once per `key`.

        A timeout or a lost connection after the request may have left is an Answer that
        is UNKNOWN. Raises UnableToReachGateway when it certainly has not, and
        UnableToUseGateway.
        """
        raise NotImplementedError

    def outcome(
        self, *, invoice: str, key: str, amount: Decimal, asked_at: dt.datetime
    ) -> Answer:
        """This will find out what became of a charge, without charging.

        NOT_MADE where the gateway certainly has none of it; UNKNOWN while one may still
        be under way.
        """
        raise NotImplementedError

    def fetch(self, kind: ObjectKind, external_id: str) -> Remote | None:
        """This will return an object's present state; None where it is not there."""
        raise NotImplementedError

    def listed(self, kind: ObjectKind, *, after: str = "") -> Page:
        """This will return up to 100 of all objects of a kind."""
        raise NotImplementedError

    def events(self, *, since: dt.datetime, after: str = "") -> Hints:
        """This will return up to 100 of the events since a moment."""
        raise NotImplementedError

    def invoice_page(self, *, invoice: str) -> str:
        """This will return the address on which the customer pays an invoice; "" if none."""
        raise NotImplementedError

    def methods_page(self, *, customer: str, back: str, key: str) -> str:
        """This will return an address on which the customer changes how they pay."""
        raise NotImplementedError

    def subscription_pause(self, *, subscription: str, key: str) -> None:
        """This will stop the collecting of a subscription; nothing if it is so already."""
        raise NotImplementedError

    def subscription_end(self, *, subscription: str, key: str) -> None:
        """This will end a subscription now; nothing if it has ended already."""
        raise NotImplementedError
