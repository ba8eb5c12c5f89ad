"""Fetching the text of a cell from a source row, as mapping.toml asks for it."""

import datetime as dt
import operator
import string
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

from common.partitions import next_month
from customers.importing.mapping import ColumnMapping, Shift
from customers.importing.values import BadValue, Parser

Fetch = Callable[[Sequence[str]], str]
Positions = dict[str, int]
MONTHS = 12
CACHE_LIMIT = 50_000


class UnknownColumn(Exception):
    """mapping.toml names a source column that the file does not have."""


def position(name: str, positions: Positions) -> int:
    """This will return a source column's place in the row."""
    try:
        return positions[name]
    except KeyError:
        raise UnknownColumn(name) from None


def fetcher(mapping: ColumnMapping, positions: Positions, decimal: str = ".") -> Fetch:
    """This will make the function that takes a column's raw text from a row."""
    base = _base(mapping, positions)
    steps: list[Callable[[str], str]] = []
    if mapping.codes:
        steps.append(_coder(mapping.codes))
    if mapping.month_of:
        steps.append(_month(mapping.month_of, mapping.day))
    if mapping.scale is not None:
        steps.append(_scaler(mapping.scale, decimal))
    default = mapping.default
    if not steps and not default:
        return base

    def fetch(row: Sequence[str]) -> str:
        raw = base(row).strip() or default
        for step in steps:
            if not raw:
                break
            raw = step(raw)
        return raw

    return fetch


def _base(mapping: ColumnMapping, positions: Positions) -> Fetch:
    if mapping.column:
        return operator.itemgetter(position(mapping.column, positions))
    if mapping.value is not None:
        constant = mapping.value
        return lambda _row: constant
    return _template(mapping.template, positions)


def _template(template: str, positions: Positions) -> Fetch:
    """This will join texts and columns: `{account}-{month}`."""
    parts: list[tuple[str, int]] = [
        (text, position(name, positions) if name else -1)
        for text, name, _spec, _conversion in string.Formatter().parse(template)
    ]

    def fetch(row: Sequence[str]) -> str:
        return "".join(
            text + (row[place].strip() if place >= 0 else "") for text, place in parts
        )

    return fetch


def _coder(codes: dict[str, str]) -> Callable[[str], str]:
    def step(raw: str) -> str:
        try:
            return codes[raw]
        except KeyError:
            msg = f"{raw!r} is not among the codes {', '.join(codes)} of mapping.toml"
            raise BadValue(msg) from None

    return step


def _month(origin: str, day: str) -> Callable[[str], str]:
    """This will turn a month's number, counted from `origin`, into a day or a length."""
    year, month = (int(part) for part in origin.split("-"))
    first_month = year * MONTHS + month - 1

    def step(raw: str) -> str:
        try:
            total = first_month + int(raw)
            first = dt.date(total // MONTHS, total % MONTHS + 1, 1)
        except ValueError:
            msg = f"{raw!r} is not the number of a month counted from {origin}"
            raise BadValue(msg) from None
        last = next_month(first) - dt.timedelta(days=1)
        if day == "length":
            return str(last.day)
        return (last if day == "last" else first).isoformat()

    return step


def _scaler(scale: Decimal, decimal: str) -> Callable[[str], str]:
    """This will multiply a number and write it as the file writes numbers."""

    def step(raw: str) -> str:
        try:
            number = Decimal(raw.replace(decimal, "."))
        except InvalidOperation:
            msg = f"{raw!r} is not a number"
            raise BadValue(msg) from None
        return f"{number * scale:f}".replace(".", decimal)

    return step


def shifted(fetch: Fetch, parse: Parser, amount: Fetch, unit: str) -> Fetch:
    """This will add days or minutes to a day or moment; nothing where either is empty."""

    def shift(row: Sequence[str]) -> str:
        raw, more = fetch(row).strip(), amount(row).strip()
        if not raw or not more:
            return ""
        start = parse(raw)
        try:
            step = dt.timedelta(**{unit: float(more)})
            if len(start) == len("2024-12-31"):
                return (dt.date.fromisoformat(start) + step).isoformat()
            return (dt.datetime.fromisoformat(start) + step).isoformat()
        except (ValueError, OverflowError):
            msg = f"{more!r} is not a number of {unit} to add"
            raise BadValue(msg) from None

    return shift


def shift_amount(shift: Shift, positions: Positions) -> Fetch:
    """This will make the function that tells how much to add."""
    if not shift.column:
        constant = str(shift.value)
        return lambda _row: constant
    return fetcher(ColumnMapping(column=shift.column, codes=shift.codes), positions)
