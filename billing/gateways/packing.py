"""States as JSON and back, for those that wait to be written."""

import dataclasses
import datetime as dt
import hashlib
import json
import types
import typing
from collections.abc import Hashable
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

from billing.enums import ObjectKind
from billing.gateways import objects
from billing.gateways.objects import Remote

CLASSES: dict[str, type[Any]] = {
    ObjectKind.CUSTOMER: objects.RemoteCustomer,
    ObjectKind.PRODUCT: objects.RemoteProduct,
    ObjectKind.PRICE: objects.RemotePrice,
    ObjectKind.METHOD: objects.RemoteMethod,
    ObjectKind.SUBSCRIPTION: objects.RemoteSubscription,
    ObjectKind.INVOICE: objects.RemoteInvoice,
    ObjectKind.PAYMENT: objects.RemotePayment,
    ObjectKind.REFUND: objects.RemoteRefund,
}


def packed(remote: Remote) -> dict[str, Any]:
    """This will turn a state into what JSON can hold."""
    told: dict[str, Any] = _plain(remote)
    return told


def unpacked(told: dict[str, Any]) -> Remote:
    """This will make the state again, equal to the one that was packed."""
    made: Remote = _made(CLASSES[told["kind"]], told)
    return made


def digest_of(remote: Remote | None) -> str:
    """This will return 64 letters that are the same for the same state."""
    told = packed(remote) if remote is not None else None
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: _plain(getattr(value, one.name))
            for one in dataclasses.fields(value)
        }
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.date):  # A moment is one too.
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@cache
def _hints(made: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(made, vars(objects))


def _made(wanted: Any, value: Any) -> Any:
    origin = typing.get_origin(wanted)
    if origin in {typing.Union, types.UnionType}:
        inner = next(
            one for one in typing.get_args(wanted) if one is not types.NoneType
        )
        return None if value is None else _made(inner, value)
    if origin is tuple:
        return _tuple(typing.get_args(wanted), value)
    if isinstance(wanted, type) and dataclasses.is_dataclass(wanted):
        hints = _hints(wanted)
        given = {name: _made(hints[name], one) for name, one in value.items()}
        return wanted(**given)
    if wanted in {dt.datetime, dt.date}:
        return wanted.fromisoformat(value)
    if wanted is Decimal or (isinstance(wanted, type) and issubclass(wanted, Enum)):
        return wanted(value)
    return value


def _tuple(inside: tuple[Any, ...], value: list[Any]) -> tuple[Any, ...]:
    if len(inside) == 2 and inside[1] is Ellipsis:
        return tuple(_made(inside[0], one) for one in value)
    return tuple(_made(kind, one) for kind, one in zip(inside, value, strict=True))
