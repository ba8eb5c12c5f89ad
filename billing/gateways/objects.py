"""What stands at a gateway, in our own words: what every provider is translated into.

Amounts are Decimals in the currency's main unit, currencies are codes in capitals, moments
are aware. An empty `gone_at` says that it exists.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from billing.enums import Collection, MethodKind, ObjectKind


@dataclass(frozen=True, slots=True)
class RemoteCustomer:
    """`our_id`: our external id, where the gateway's metadata names one ("keepwell_id")."""

    external_id: str
    name: str
    email: str
    country: str
    created_at: dt.datetime
    our_id: str = ""
    default_method: str = ""
    gone_at: dt.datetime | None = None
    kind: ObjectKind = ObjectKind.CUSTOMER


@dataclass(frozen=True, slots=True)
class RemoteProduct:
    external_id: str
    name: str
    active: bool
    created_at: dt.datetime
    kind: ObjectKind = ObjectKind.PRODUCT


@dataclass(frozen=True, slots=True)
class RemotePrice:
    """`interval_months` is None for what is bought once, `amount` per unit and interval.

    Weekly and daily prices are told in months of 365.25/12 days by `months` below 1.
    """

    external_id: str
    product: str
    currency: str
    amount: Decimal
    interval_months: int | None
    active: bool
    created_at: dt.datetime
    nickname: str = ""
    kind: ObjectKind = ObjectKind.PRICE


@dataclass(frozen=True, slots=True)
class RemoteMethod:
    """`changed_at`: when its details became so, as far as the gateway tells."""

    external_id: str
    customer: str
    method: MethodKind
    brand: str
    last4: str
    expires_on: dt.date | None
    added_at: dt.datetime
    is_default: bool
    gone_at: dt.datetime | None = None
    kind: ObjectKind = ObjectKind.METHOD


@dataclass(frozen=True, slots=True)
class RemoteItem:
    price: str
    quantity: int
    # Per month of the whole item, net of its own discount, without tax.
    mrr: Decimal
    list_mrr: Decimal


@dataclass(frozen=True, slots=True)
class RemoteSubscription:
    """`mrr` is monthly, net of discounts, without tax; `state` active, trial, paused, ended.

    `ends_at` is when it will end (booked) or did (`state` ended); `cancelled_at` when that
    was decided. `failed`: it ended because nothing was paid.
    """

    external_id: str
    customer: str
    currency: str
    interval_months: int
    state: str
    mrr: Decimal
    list_mrr: Decimal
    quantity: int
    started_at: dt.datetime
    items: tuple[RemoteItem, ...] = ()
    discount_until: dt.date | None = None
    trial_until: dt.datetime | None = None
    renews_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    cancelled_at: dt.datetime | None = None
    failed: bool = False
    default_method: str = ""
    kind: ObjectKind = ObjectKind.SUBSCRIPTION


@dataclass(frozen=True, slots=True)
class RemoteLine:
    description: str
    quantity: Decimal
    amount: Decimal
    tax: Decimal
    recurring: bool
    price: str = ""
    subscription: str = ""
    begins_on: dt.date | None = None
    ends_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class RemoteInvoice:
    """`state`: draft, open, paid, void, written_off. `total` is net of tax."""

    external_id: str
    number: str
    customer: str
    subscription: str
    currency: str
    total: Decimal
    tax: Decimal
    owing: Decimal
    state: str
    collection: Collection
    issued_at: dt.datetime
    due_at: dt.datetime | None
    settled_at: dt.datetime | None = None
    hosted_url: str = ""
    lines: tuple[RemoteLine, ...] = ()
    # What was credited or written off, by the number of its document: (number, net, when).
    credits: tuple[tuple[str, Decimal, dt.datetime], ...] = ()
    payments: tuple["RemotePayment", ...] = ()
    kind: ObjectKind = ObjectKind.INVOICE


@dataclass(frozen=True, slots=True)
class RemotePayment:
    """A try to pay an invoice that the gateway knows of. `state`: succeeded, failed, open,
    needs_action. `key` is ours where the gateway's metadata tells it."""

    external_id: str
    invoice: str
    state: str
    amount: Decimal
    currency: str
    happened_at: dt.datetime
    method: str = ""
    decline_code: str = ""
    message: str = ""
    action_url: str = ""
    refunds: tuple["RemoteRefund", ...] = ()
    key: str = ""
    kind: ObjectKind = ObjectKind.PAYMENT


@dataclass(frozen=True, slots=True)
class RemoteRefund:
    """Money that went back; `chargeback` where the customer's bank took it."""

    external_id: str
    payment: str
    amount: Decimal
    currency: str
    happened_at: dt.datetime
    chargeback: bool = False
    reason: str = ""
    kind: ObjectKind = ObjectKind.REFUND


Remote = (
    RemoteCustomer
    | RemoteProduct
    | RemotePrice
    | RemoteMethod
    | RemoteSubscription
    | RemoteInvoice
    | RemotePayment
    | RemoteRefund
)


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what a gateway lists, oldest or newest first as it likes.

    `cursor` is what the next page begins behind; empty on the last one.
    """

    rows: tuple[Remote, ...]
    cursor: str = ""
    # What could not be translated: (external id, why).
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """A state that came with an event, of a provider that cannot be asked.

    `version` is the provider's own number or moment of this state: the higher one counts,
    whichever comes first. A state that is only guessed from others has a low one.
    """

    remote: Remote
    version: int


@dataclass(frozen=True, slots=True)
class Hint:
    """An event that proved to be the gateway's. Nothing but the ids is taken from it.

    `sent_at` is the moment in the signature, if there is one: it shows how far the
    clocks are apart.
    """

    event_id: str
    type: str
    about: tuple[tuple[ObjectKind, str], ...]
    happened_at: dt.datetime | None
    live: bool | None = None
    carried: tuple[Carried, ...] = ()
    sent_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """A page of the gateway's own list of events."""

    rows: tuple[Hint, ...] = field(default=())
    cursor: str = ""
