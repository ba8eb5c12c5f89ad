"""Stripe's form-encoded bodies: `items[0][price]=x` and `expand[]=y`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from fakegateway.errors import Obj, invalid

PART = re.compile(r"\[([^\]]*)\]")


def parsed(text: str) -> Obj:
    """This will turn a form into dicts and lists of strings; "" is kept: it unsets."""
    made: Obj = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head, *_ = name.split("[", 1)
        _put(made, [head, *PART.findall(name)], value)
    return {name: _lists(value) for name, value in made.items()}


def _put(into: Obj, path: list[str], value: str) -> None:
    for part in path[:-1]:
        into = into.setdefault(part or str(len(into)), {})
        if not isinstance(into, dict):
            raise invalid("Invalid object", param=path[0])
    last = path[-1]
    into[last or str(len(into))] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(name.isdigit() for name in value):
        return [_lists(value[name]) for name in sorted(value, key=int)]
    return {name: _lists(inner) for name, inner in value.items()}


def whole(params: Obj, name: str, default: int | None = None) -> int | None:
    """This will read a whole number. Raises Refusal."""
    told = params.get(name)
    if told in {None, ""}:
        return default
    try:
        return int(str(told))
    except ValueError:
        raise invalid(f"Invalid integer: {told}", param=name) from None


def truth(params: Obj, name: str, *, default: bool = False) -> bool:
    """This will read true or false. Raises Refusal."""
    told = params.get(name)
    if told in {None, ""}:
        return default
    if told in {"true", "True", "1"}:
        return True
    if told in {"false", "False", "0"}:
        return False
    raise invalid(f"Invalid boolean: {told}", param=name)


def text(params: Obj, name: str, default: str | None = None) -> str | None:
    """This will read words; what was unset by "" is None."""
    told = params.get(name, default)
    return str(told) if told not in {None, ""} else None


def needed(params: Obj, name: str) -> str:
    """This will read words that must be there. Raises Refusal."""
    told = text(params, name)
    if told is None:
        words = f"Missing required param: {name}."
        raise invalid(words, code="parameter_missing", param=name)
    return told
