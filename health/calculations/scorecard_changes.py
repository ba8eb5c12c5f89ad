"""What differs between two contents of a scorecard, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """A field as it was and as it became; None where it was not there.

    `what` is one of added, removed, group, moved, weight, anchors, by_age, freshness,
    at_risk, watch, floor, rollup and prior; `key` names the measure, group or band.
    """

    what: str
    key: str
    before: Any
    after: Any


def config_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """This will list what differs: groups, then measures, then bands and the rest."""
    return [
        *_groups(_weights(before), _weights(after)),
        *_measures(_lines(before), _lines(after)),
        *(
            Change(name, "", before["bands"][name], after["bands"][name])
            for name in ("at_risk", "watch")
            if before["bands"][name] != after["bands"][name]
        ),
        *_one("floor", before["floor"], after["floor"]),
        *_one("rollup", before.get("rollup", "own"), after.get("rollup", "own")),
        *(
            Change("prior", band, share, after["prior"][band])
            for band, share in before["prior"].items()
            if share != after["prior"][band]
        ),
    ]


def _one(what: str, before: Any, after: Any, key: str = "") -> Iterator[Change]:
    if before != after:
        yield Change(what, key, before, after)


def _weights(config: Mapping[str, Any]) -> dict[str, float]:
    """This will return the groups' weights; without any a group weighs its measures."""
    if config.get("groups"):
        return {row["key"]: row["weight"] for row in config["groups"]}
    weights: dict[str, float] = {}
    for line in config["measures"]:
        group = line.get("group", "")
        weights[group] = weights.get(group, 0) + line["weight"]
    return weights


def _groups(before: dict[str, float], after: dict[str, float]) -> Iterator[Change]:
    # The first versions knew no groups: there is nothing to compare with.
    if "" not in before and "" not in after:
        for key in dict.fromkeys([*before, *after]):
            yield from _one("group", before.get(key), after.get(key), key)


def _lines(config: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {line["key"]: line for line in config["measures"]}


def _measures(
    before: dict[str, Mapping[str, Any]], after: dict[str, Mapping[str, Any]]
) -> Iterator[Change]:
    for key in dict.fromkeys([*before, *after]):
        if key not in after:
            yield Change("removed", key, before[key]["weight"], None)
        elif key not in before:
            yield Change("added", key, None, after[key]["weight"])
        else:
            yield from _line(key, before[key], after[key])


def _line(
    key: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    if before.get("group") and after.get("group"):
        yield from _one("moved", before["group"], after["group"], key)
    yield from _one("weight", before["weight"], after["weight"], key)
    yield from _one("anchors", list(before["anchors"]), list(after["anchors"]), key)
    yield from _one(
        "by_age", before.get("by_age") or [], after.get("by_age") or [], key
    )
    yield from _one(
        "freshness", list(before["freshness"]), list(after["freshness"]), key
    )
