"""Binding a file to a table's layout: which cell goes where, and how it is read."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from customers.importing.cells import (
    Fetch,
    UnknownColumn,
    fetcher,
    position,
    shift_amount,
    shifted,
)
from customers.importing.mapping import ColumnMapping, Lookup, TableMapping
from customers.importing.source import UnableToReadFile
from customers.importing.values import (
    BadValue,
    Column,
    Parser,
    Reading,
    integer_parser,
    parser,
)

NULL = "\\N"
NUMBER = "n"
REPEAT_LIMIT = 10_000


class BadRow(Exception):
    """A row cannot be read: in which column, and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(column, reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class Binding:
    """A column of the layout, the source columns it comes from and how to read it."""

    target: str
    label: str
    required: bool
    fetch: Fetch
    parse: Parser
    lookup: Lookup | None = None


@dataclass(frozen=True)
class Plan:
    """How the rows of one file become rows of one table's layout."""

    width: int
    bindings: tuple[Binding, ...]
    drops: tuple[tuple[int, frozenset[str]], ...]
    ignored: tuple[str, ...]
    count: Fetch | None = None
    firsts: tuple[Fetch, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(binding.target for binding in self.bindings)

    def label(self, target: str) -> str:
        """This will name the source column of a layout column, for its owner."""
        return next((b.label for b in self.bindings if b.target == target), target)

    def dropped(self, row: Sequence[str]) -> bool:
        """This will tell whether mapping.toml leaves this row out."""
        return any(row[place].strip() in values for place, values in self.drops)

    def lines(self, prefix: str, row: list[str]) -> Iterator[str]:
        """This will give the row's lines for COPY: one, or as many as it repeats."""
        if self.count is None:
            yield self._line(prefix, row)
            return
        times = self._number(self.count, row)
        marked = [self._number(first, row) for first in self.firsts]
        for number in range(1, times + 1):
            flags = ["1" if number <= mark else "0" for mark in marked]
            yield self._line(prefix, [*row, str(number), *flags])

    def _number(self, fetch: Fetch, row: list[str]) -> int:
        try:
            raw = fetch(row).strip()
            counter = Column("count", high=REPEAT_LIMIT)
            return int(integer_parser(counter)(raw)) if raw else 0
        except BadValue as error:
            raise BadRow(NUMBER, str(error)) from error

    def _line(self, prefix: str, row: Sequence[str]) -> str:
        cells = [prefix]
        for binding in self.bindings:
            try:
                raw = binding.fetch(row).strip()
                if raw:
                    cells.append(binding.parse(raw))
                elif binding.required:
                    raise BadRow(binding.label, f"{binding.target} is empty")
                else:
                    cells.append(NULL)
            except BadValue as error:
                raise BadRow(binding.label, str(error)) from error
        return "\t".join(cells)


def plan_make(
    *,
    file: str,
    header: Sequence[str],
    mapping: TableMapping,
    columns: Sequence[Column],
    reading: Reading,
) -> Plan:
    """This will bind a header to a layout, or say which column is missing.

    A layout column without a line in mapping.toml is read from the source column of
    the same name, if there is one.
    """
    positions: dict[str, int] = {}
    for place, name in enumerate(header):
        positions.setdefault(name, place)
    flags: dict[str, ColumnMapping] = {}
    if mapping.repeat:
        positions[NUMBER] = len(header)
        for offset, target in enumerate(mapping.repeat.first, start=1):
            positions[f"{NUMBER}:{target}"] = len(header) + offset
            flags[target] = ColumnMapping(column=f"{NUMBER}:{target}")
    try:
        same = {
            column.name: ColumnMapping(column=column.name)
            for column in columns
            if column.name in positions
        }
        chosen = {**same, **mapping.columns, **flags}
        bindings = tuple(
            _binding(column, chosen[column.name], positions, reading)
            for column in columns
            if column.name in chosen and not chosen[column.name].ignored
        )
        repeat = mapping.repeat
        plan = Plan(
            width=len(header),
            bindings=bindings,
            drops=tuple(
                (position(name, positions), values)
                for name, values in mapping.drop_when.items()
            ),
            ignored=tuple(_ignored(header, mapping, chosen)),
            count=fetcher(ColumnMapping(column=repeat.count), positions)
            if repeat
            else None,
            firsts=tuple(
                fetcher(ColumnMapping(column=name), positions)
                for name in (repeat.first.values() if repeat else ())
            ),
        )
    except UnknownColumn as error:
        raise _missing(file, str(error), header, mapped=True) from error
    for column in columns:
        if column.required and column.name not in plan.targets:
            raise _missing(file, column.name, header, mapped=False)
    return plan


def _binding(
    column: Column, mapping: ColumnMapping, positions: dict[str, int], reading: Reading
) -> Binding:
    parse = parser(column, reading, mapping.format)
    fetch = fetcher(mapping, positions, reading.decimal)
    for unit, shift in (("days", mapping.plus_days), ("minutes", mapping.plus_minutes)):
        if shift is not None:
            fetch = shifted(fetch, parse, shift_amount(shift, positions), unit)
            parse = parser(column, reading)
    label = mapping.column or mapping.template or column.name
    if label.startswith(f"{NUMBER}:"):
        label = column.name
    return Binding(column.name, label, column.required, fetch, parse, mapping.lookup)


def _ignored(
    header: Sequence[str], mapping: TableMapping, chosen: dict[str, ColumnMapping]
) -> Iterator[str]:
    """This will name the source columns nobody reads."""
    used = set(mapping.drop_when)
    for entry in chosen.values():
        used.add(entry.column)
        used.update(name for name in header if f"{{{name}}}" in entry.template)
        used.update(s.column for s in (entry.plus_days, entry.plus_minutes) if s)
    if mapping.repeat:
        used.update({mapping.repeat.count, *mapping.repeat.first.values()})
    return (name for name in header if name and name not in used)


def _missing(
    file: str, name: str, header: Sequence[str], *, mapped: bool
) -> UnableToReadFile:
    near = difflib.get_close_matches(name, header, n=2, cutoff=0.6)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    asked = "that mapping.toml names" if mapped else "that every row needs"
    return UnableToReadFile(
        f"{file} has no column {name!r} {asked}; it has {', '.join(header)}.{hint}"
    )
