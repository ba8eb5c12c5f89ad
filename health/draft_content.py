"""The content of a draft as it was typed into its form, and where each part stood."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from health.calculations.scorecard_problems import Path
from health.draft_fields import Config
from health.measures import MEASURES
from health.scorecard_words import BAND_LABELS, GROUP_LABELS


class TypedContent:
    """What the cleaned values of a form make: `config`, and `places` to find its fields.

    `rows` are the steps of each measure in the form.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        *,
        rows: Mapping[str, Sequence[int]],
        group_of: Callable[[str], str],
    ) -> None:
        self._values, self._rows, self._group_of = values, rows, group_of
        self.places: dict[Path, str] = {
            ("floor",): "floor",
            ("rollup",): "rollup",
            ("bands", "at_risk"): "at_risk",
            ("bands", "watch"): "watch",
        }
        for band in BAND_LABELS:
            self.places["prior", band] = f"prior-{band}"
        self.config: Config = {
            "groups": self._groups(),
            "measures": self._measures(),
            "bands": {name: self._value(name) for name in ("at_risk", "watch")},
            "floor": self._value("floor"),
            "rollup": values.get("rollup", "own"),
            "prior": {band: self._value(f"prior-{band}") for band in BAND_LABELS},
        }

    def field_of(self, path: Path) -> str | None:
        """This will find the field of a problem: the nearest that holds it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path)

    def _groups(self) -> list[dict[str, Any]]:
        groups = []
        for place, key in enumerate(GROUP_LABELS):
            self.places["groups", place] = f"group-{key}"
            groups.append({"key": key, "weight": self._value(f"group-{key}")})
        return groups

    def _measures(self) -> list[dict[str, Any]]:
        counted = (key for key in MEASURES if self._values.get(f"{key}-counts"))
        return [
            self._line(key, ("measures", place)) for place, key in enumerate(counted)
        ]

    def _line(self, key: str, path: Path) -> dict[str, Any]:
        self.places[(*path, "weight")] = f"{key}-weight"
        line = {
            "key": key,
            "group": self._group_of(key),
            "weight": self._value(f"{key}-weight"),
            "anchors": self._list((*path, "anchors"), f"{key}-anchor", 4),
            "freshness": self._list((*path, "freshness"), f"{key}-fresh", 3),
        }
        steps = self._steps(key, (*path, "by_age"))
        return line | ({"by_age": steps} if steps else {})

    def _steps(self, key: str, path: Path) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = []
        for row in self._rows[key]:
            name = f"{key}-step-{row}"
            here = (*path, len(steps))
            anchors = self._list((*here, "anchors"), f"{name}-anchor", 4)
            months = self._value(f"{name}-months")
            # A row that was added and left empty is none.
            if months is not None or any(one is not None for one in anchors):
                self.places[(*here, "until_months")] = f"{name}-months"
                steps.append({"until_months": months, "anchors": anchors})
        return steps

    def _list(self, path: Path, name: str, length: int) -> list[Any]:
        names = [f"{name}-{place}" for place in range(length)]
        self.places[path] = names[0]
        for place, one in enumerate(names):
            self.places[(*path, place)] = one
        return [self._value(one) for one in names]

    def _value(self, name: str) -> float | int | None:
        """This will return a number as JSON keeps it; None where none was typed."""
        value = self._values.get(name)
        if not isinstance(value, Decimal):
            return None
        return int(value) if value == value.to_integral_value() else float(value)
