"""Everything the gateway knows, in memory, with a journal behind it."""

import json
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fakegateway.clock import Clock
from fakegateway.errors import Obj, missing
from fakegateway.journal import Journal

# What is looked for by what it belongs to; none of these ever moves elsewhere.
LINKS = {
    "charge": ("payment_intent", "customer"),
    "credit_note": ("invoice",),
    "dispute": ("charge",),
    "invoice": ("customer", "_subscription"),
    "invoice_payment": ("invoice", "_intent"),
    "payment_intent": ("customer",),
    "refund": ("charge",),
    "subscription": ("customer",),
}


class Store:
    """One lock for everything. `flush` writes what a request has changed.

    Objects refer to each other by id and are kept as Stripe shows them; names that begin
    with "_" are ours and are never shown.
    """

    def __init__(self, journal: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = Clock()
        self.journal = Journal(journal)
        self.counts: Counter[str] = Counter()
        self.address = ""
        self._empty()
        self._read()

    def _empty(self) -> None:
        self.objects: dict[str, dict[str, Obj]] = {}
        self.kinds: dict[str, str] = {}
        self.links: dict[tuple[str, str, str], list[str]] = {}
        self.money: list[Obj] = []
        self.answers: dict[str, Obj] = {}
        self.settings: Obj = {"behaves": {}}
        self.number = 0
        self.wished: dict[str, str] = {}
        # Events that nobody was told of yet.
        self.waiting: list[str] = []
        self._dirty: dict[str, Obj] = {}
        self._told: list[str] = []
        self._written = 0
        self._answered: dict[str, Obj] = {}
        self._settings_changed = False

    def _read(self) -> None:
        for line in self.journal.lines():
            for row in line.get("objects", ()):
                self._keep(row)
            self.money += line.get("money", ())
            self.answers.update(line.get("answers", {}))
            self.settings = line.get("settings", self.settings)
            self.number = line.get("number", self.number)
            self.clock.set(line.get("clock", self.clock.standing))
            self.waiting += _events_in(line)
            self.told(line.get("told", ()))
        self._written, self._told = len(self.money), []
        if self.journal.path is not None:
            self.journal.restart(self._everything())

    def reset(self) -> None:
        """This will forget everything, the journal too."""
        self._empty()
        self.counts.clear()
        self.clock.set(None)
        self.journal.restart()

    def next_id(self, prefix: str) -> str:
        """This will return a name that nothing has, or the one that was wished for."""
        if prefix in self.wished:
            return self.wished.pop(prefix)
        self.number += 1
        return f"{prefix}_fake{self.number:08d}"

    def put(self, row: Obj) -> Obj:
        """This will keep an object, new or changed."""
        self._keep(row)
        self._dirty[row["id"]] = row
        return row

    def _keep(self, row: Obj) -> None:
        kind, name = row["object"], row["id"]
        if name not in self.kinds:
            for by in LINKS.get(kind, ()):
                self.links.setdefault((kind, by, str(row.get(by))), []).append(name)
        self.objects.setdefault(kind, {})[name] = row
        self.kinds[name] = kind

    def find(self, kind: str, name: str, param: str = "id") -> Obj:
        """This will return an object. Raises Refusal where there is none."""
        row = self.objects.get(kind, {}).get(name)
        if row is None:
            raise missing(kind, name, param)
        return row

    def get(self, name: str | None) -> Obj | None:
        """This will return whatever has this id."""
        kind = self.kinds.get(name or "")
        return None if kind is None else self.objects[kind][name or ""]

    def rows(self, kind: str) -> list[Obj]:
        """This will return all of a kind, the oldest first."""
        return list(self.objects.get(kind, {}).values())

    def dropped(self, events: list[str]) -> None:
        """This will forget events that nobody was told of."""
        for name in events:
            del self.objects["event"][name], self.kinds[name]
            self._dirty.pop(name, None)
        self.waiting = [name for name in self.waiting if name in self.kinds]

    def told(self, events: Iterable[str]) -> None:
        """This will note that somebody was told of events, or never will be."""
        gone = set(events)
        if gone:
            self.waiting = [name for name in self.waiting if name not in gone]
            self._told += gone

    def related(self, kind: str, by: str, name: str) -> list[Obj]:
        """This will return those of a kind that belong to something, the oldest first."""
        here = self.objects.get(kind, {})
        return [here[found] for found in self.links.get((kind, by, name), ())]

    @staticmethod
    def linked(kind: str, by: str) -> bool:
        """This will tell whether a kind is found by what it belongs to."""
        return by in LINKS.get(kind, ())

    def moved(self, kind: str, **entry: Any) -> None:
        """This will note in the ledger that money moved. Nothing is ever taken out."""
        number = len(self.money) + 1
        self.money.append({"n": number, "kind": kind, "at": self.clock.now(), **entry})

    def answered(self, key: str, told: Obj) -> None:
        """This will keep an answer for its idempotency key."""
        self.answers[key] = self._answered[key] = told

    def behaviour(self) -> dict[str, list[str]]:
        """This will return what is to become of tries, by payment method."""
        found: dict[str, list[str]] = self.settings["behaves"]
        return found

    def changed(self) -> None:
        """This will have the settings written."""
        self._settings_changed = True

    def flush(self) -> None:
        """This will write what changed since the last time as one line."""
        fresh = self.money[self._written :]
        changed = self._dirty or fresh or self._answered or self._told
        if not (changed or self._settings_changed):
            return
        line: Obj = {"number": self.number, "objects": list(self._dirty.values())}
        line |= {"money": fresh, "answers": self._answered, "told": self._told}
        if self._settings_changed:
            line |= {"settings": self.settings, "clock": self.clock.standing}
        self.journal.write(line)
        self._dirty, self._answered, self._settings_changed = {}, {}, False
        self._told = []
        self._written = len(self.money)

    def _everything(self) -> Obj:
        rows = [row for kind in self.objects.values() for row in kind.values()]
        return {
            "number": self.number,
            "objects": rows,
            "money": self.money,
            "answers": self.answers,
            "settings": self.settings,
            "clock": self.clock.standing,
            "waiting": self.waiting,
        }


def _events_in(line: Obj) -> list[str]:
    if "waiting" in line:  # the first line of a journal that was begun anew
        return list(line["waiting"])
    return [row["id"] for row in line.get("objects", ()) if row["object"] == "event"]


def copied(row: Any) -> Any:
    """This will return a copy that shares nothing."""
    return json.loads(json.dumps(row))
