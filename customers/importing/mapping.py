"""Reading mapping.toml: other people's files, columns, codes and dates."""

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from common.errors import KeepwellError

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
COMPANY_KEYS = (
    "name",
    "currency",
    "time_zone",
    "gross_margin",
    "support_cost",
    "discount_rate",
)
TABLE_KEYS = (
    "file",
    "encoding",
    "separator",
    "decimal",
    "drop_when",
    "columns",
    "repeat",
    "aggregate",
)
COLUMN_KEYS = (
    "column",
    "value",
    "template",
    "default",
    "codes",
    "format",
    "month_of",
    "day",
    "scale",
    "plus_days",
    "plus_minutes",
    "lookup",
)


class UnableToReadMapping(KeepwellError):
    """mapping.toml says something that cannot be understood."""


@dataclass(frozen=True)
class Lookup:
    """Another file that says what a code stands for, say a subscription's customer."""

    file: str
    key: str
    value: str


@dataclass(frozen=True)
class Shift:
    """Days or minutes to add: a number, or a column of numbers or codes."""

    column: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    value: int = 0


@dataclass(frozen=True)
class ColumnMapping:
    """Where the value of one column of the layout comes from. `ignored` wins."""

    column: str = ""
    value: str | None = None
    template: str = ""
    default: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    format: str = ""
    month_of: str = ""
    day: str = "first"
    scale: Decimal | None = None
    plus_days: Shift | None = None
    plus_minutes: Shift | None = None
    lookup: Lookup | None = None
    ignored: bool = False


@dataclass(frozen=True)
class Repeat:
    """One source row stands for `count` rows; the first so many of them are flagged."""

    count: str
    first: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TableMapping:
    """How one table is found and read."""

    file: str
    encoding: str = "utf-8"
    separator: str = ""
    decimal: str = "."
    drop_when: dict[str, frozenset[str]] = field(default_factory=dict)
    columns: dict[str, ColumnMapping] = field(default_factory=dict)
    repeat: Repeat | None = None
    aggregate: bool = False
    named: bool = False


@dataclass(frozen=True)
class Mapping:
    """The whole of mapping.toml; `text` goes into the files' digests."""

    company: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, TableMapping] = field(default_factory=dict)
    text: str = ""

    def table(self, name: str) -> TableMapping:
        """This will return the table's mapping, or the plain layout's."""
        return self.tables.get(name) or TableMapping(file=f"{name}.csv")


def mapping_read(path: Path | None, tables: dict[str, tuple[str, ...]]) -> Mapping:
    """This will read and check a mapping file; `tables` names every table's columns."""
    if path is None:
        return Mapping()
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}."
        raise UnableToReadMapping(msg) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{path} is not valid TOML: {error}."
        raise UnableToReadMapping(msg) from error
    known_only(data, ("company", "tables"), "")
    company = expect(data.get("company", {}), dict, "company")
    known_only(company, COMPANY_KEYS, "company")
    entries = expect(data.get("tables", {}), dict, "tables")
    known_only(entries, tables, "tables")
    return Mapping(
        company=company,
        tables={
            name: _table(name, expect(entry, dict, f"tables.{name}"), columns)
            for name, columns in tables.items()
            if (entry := entries.get(name)) is not None
        },
        text=text,
    )


def known_only(entry: dict[str, Any], known: Iterable[str], where: str) -> None:
    """This will refuse a key nobody reads, and name the one that was probably meant."""
    allowed = list(known)
    for key in entry:
        if key in allowed:
            continue
        place = f"[{where}]" if where else "the file"
        near = difflib.get_close_matches(key, allowed, n=3, cutoff=0.5)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        msg = f"mapping.toml: {place} knows no key {key!r}.{hint}"
        raise UnableToReadMapping(msg)


def expect(value: Any, kind: type, where: str) -> Any:
    """This will return the value when it is of the kind, and refuse it otherwise."""
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    names = {dict: "a table", str: "a text", bool: "true or false", list: "a list"}
    msg = f"mapping.toml: {where} must be {names.get(kind, kind.__name__)}."
    raise UnableToReadMapping(msg)


def _table(name: str, entry: dict[str, Any], layout: tuple[str, ...]) -> TableMapping:
    where = f"tables.{name}"
    known_only(entry, TABLE_KEYS, where)
    texts = {
        key: expect(entry[key], str, f"{where}.{key}")
        for key in ("file", "encoding", "separator", "decimal")
        if key in entry
    }
    if texts.get("decimal", ".") not in {".", ","}:
        msg = f'mapping.toml: {where}.decimal must be "." or ",".'
        raise UnableToReadMapping(msg)
    columns = expect(entry.get("columns", {}), dict, f"{where}.columns")
    known_only(columns, layout, f"{where}.columns")
    drop = expect(entry.get("drop_when", {}), dict, f"{where}.drop_when")
    repeat = entry.get("repeat")
    return TableMapping(
        file=texts.pop("file", f"{name}.csv"),
        drop_when={
            column: frozenset(
                str(value)
                for value in expect(values, list, f"{where}.drop_when.{column}")
            )
            for column, values in drop.items()
        },
        columns={
            target: column_mapping(value, f"{where}.columns.{target}")
            for target, value in columns.items()
        },
        repeat=None if repeat is None else _repeat(repeat, f"{where}.repeat", layout),
        aggregate=expect(entry.get("aggregate", False), bool, f"{where}.aggregate"),
        named=True,
        **texts,
    )


def _repeat(entry: Any, where: str, layout: tuple[str, ...]) -> Repeat:
    known_only(expect(entry, dict, where), ("count", "first"), where)
    first = expect(entry.get("first", {}), dict, f"{where}.first")
    known_only(first, layout, f"{where}.first")
    return Repeat(count=expect(entry.get("count"), str, f"{where}.count"), first=first)


def column_mapping(entry: Any, where: str) -> ColumnMapping:
    """This will read one column: a source column's name, a table, or false."""
    if entry is False:
        return ColumnMapping(ignored=True)
    if isinstance(entry, str):
        return ColumnMapping(column=entry)
    known_only(expect(entry, dict, where), COLUMN_KEYS, where)
    if sum(key in entry for key in ("column", "value", "template")) != 1:
        msg = f"mapping.toml: {where} needs exactly one of column, value, template."
        raise UnableToReadMapping(msg)
    if entry.get("day", "first") not in {"first", "last", "length"}:
        msg = f'mapping.toml: {where}.day must be "first", "last" or "length".'
        raise UnableToReadMapping(msg)
    plain = {
        key: expect(entry[key], str, f"{where}.{key}")
        for key in ("column", "template", "format", "month_of", "day")
        if key in entry
    }
    if "month_of" in plain and not MONTH.fullmatch(plain["month_of"]):
        msg = f'mapping.toml: {where}.month_of must be a month such as "2022-01".'
        raise UnableToReadMapping(msg)
    return ColumnMapping(
        value=_cell(entry["value"]) if "value" in entry else None,
        default=_cell(entry.get("default", "")),
        codes=_codes(entry.get("codes", {}), f"{where}.codes"),
        scale=_scale(entry["scale"], where) if "scale" in entry else None,
        plus_days=_shift(entry.get("plus_days"), f"{where}.plus_days"),
        plus_minutes=_shift(entry.get("plus_minutes"), f"{where}.plus_minutes"),
        lookup=_lookup(entry.get("lookup"), f"{where}.lookup"),
        **plain,
    )


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _codes(entry: Any, where: str) -> dict[str, str]:
    return {str(key): _cell(value) for key, value in expect(entry, dict, where).items()}


def _scale(value: Any, where: str) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        msg = f"mapping.toml: {where}.scale must be a number."
        raise UnableToReadMapping(msg) from None


def _shift(entry: Any, where: str) -> Shift | None:
    if entry is None:
        return None
    if isinstance(entry, int) and not isinstance(entry, bool):
        return Shift(value=entry)
    if isinstance(entry, str):
        return Shift(column=entry)
    known_only(expect(entry, dict, where), ("column", "codes"), where)
    return Shift(
        column=expect(entry.get("column"), str, f"{where}.column"),
        codes=_codes(entry.get("codes", {}), f"{where}.codes"),
    )


def _lookup(entry: Any, where: str) -> Lookup | None:
    if entry is None:
        return None
    keys = ("file", "key", "value")
    known_only(expect(entry, dict, where), keys, where)
    return Lookup(
        **{key: expect(entry.get(key), str, f"{where}.{key}") for key in keys}
    )
