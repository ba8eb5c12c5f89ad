"""Frozen dataclasses of numbers to JSON and back, without losing a bit.

A number is written with as many digits as name it and no other one (Python's `repr`).
"""

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """This will turn dataclasses into dicts and tuples into lists, all the way down."""
    if is_dataclass(value):
        return {one.name: to_json(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [to_json(one) for one in value]
    return value


def from_json(kind: Callable[..., T], data: Any) -> T:
    """This will read a dataclass from what `to_json` made of it, by its annotations."""
    hints = get_type_hints(kind)
    return kind(**{key: _read(hints[key], value) for key, value in data.items()})


def _read(kind: Any, data: Any) -> Any:
    if isinstance(kind, types.UnionType):
        (kind,) = (one for one in get_args(kind) if one is not types.NoneType)
        return None if data is None else _read(kind, data)
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        inner = inner[:1] * len(data) if inner[-1] is ... else inner
        return tuple(map(_read, inner, data))
    if is_dataclass(kind) and isinstance(kind, type):
        return from_json(kind, data)
    return kind(data)
