"""Is the content of a scorecard sound? All that is wrong is said at once.

The content is the JSON of `calculations.scorecard`, perhaps written by hand: nothing is
taken for granted, not even that a list is a list.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from health.calculations.scorecard import BAND_NAMES, ROLLUPS
from health.calculations.scorecard_line_checks import line_problems
from health.calculations.scorecard_problems import (
    Known,
    Path,
    Problem,
    is_number,
    name_problems,
    unknown_problem,
    weight_problems,
)

TOP = ("groups", "measures", "bands", "floor", "rollup", "prior")
NEEDED = ("measures", "bands", "floor", "prior")


def config_problems(config: Any, known: Mapping[str, Known]) -> list[Problem]:
    """This will list all that is wrong with a content; empty when it may be used.

    `known` names the measures there are. Whatever passes is read by `rules_from_config`
    without an error. Cost: one pass.
    """
    if not isinstance(config, dict):
        return [Problem((), "mapping")]
    groups = sorted({one.group for one in known.values()})
    problems = [
        *name_problems((), config, TOP, NEEDED),
        *_each(config, "groups", lambda path, one: _group(path, one, groups)),
        *_each(
            config,
            "measures",
            lambda path, one: line_problems(path, one, config, known),
        ),
        *_bands(config),
        *_floor(config),
        *_prior(config),
    ]
    if "rollup" in config and config["rollup"] not in ROLLUPS:
        problems.append(
            unknown_problem(("rollup",), "choice", config["rollup"], ROLLUPS)
        )
    return problems or list(_whole(config))


def _each(
    config: Mapping[str, Any],
    name: str,
    check: Callable[[Path, Any], Iterator[Problem]],
) -> Iterator[Problem]:
    """This will check every entry of a list, and that no key stands there twice."""
    if name not in config:
        return
    rows = config[name]
    if not isinstance(rows, list):
        yield Problem((name,), "list")
        return
    seen: set[str] = set()
    for place, row in enumerate(rows):
        path = (name, place)
        if not isinstance(row, dict):
            yield Problem(path, "mapping")
            continue
        yield from check(path, row)
        key = str(row.get("key"))
        if "key" in row and key in seen:
            yield Problem((*path, "key"), "twice", {"value": key[:60]})
        seen.add(key)


def _group(path: Path, row: dict[str, Any], groups: list[str]) -> Iterator[Problem]:
    yield from name_problems(path, row, ("key", "weight"), ("key", "weight"))
    if "key" in row and row["key"] not in groups:
        yield unknown_problem((*path, "key"), "group", row["key"], groups)
    yield from weight_problems(path, row)


def _bands(config: dict[str, Any]) -> Iterator[Problem]:
    if "bands" not in config:
        return
    bands, names = config["bands"], ("at_risk", "watch")
    if not isinstance(bands, dict):
        yield Problem(("bands",), "mapping")
        return
    yield from name_problems(("bands",), bands, names, names)
    fine = True
    for name in names:
        if name in bands and not (is_number(bands[name]) and 0 < bands[name] < 100):
            fine = False
            yield Problem(("bands", name), "band")
    if (
        fine
        and len(bands.keys() & set(names)) == 2
        and not (bands["at_risk"] < bands["watch"])
    ):
        yield Problem(("bands", "watch"), "above", {"at_risk": bands["at_risk"]})


def _floor(config: dict[str, Any]) -> Iterator[Problem]:
    if "floor" in config and not _is_share(config["floor"]):
        yield Problem(("floor",), "share")


def _prior(config: dict[str, Any]) -> Iterator[Problem]:
    if "prior" not in config:
        return
    prior, names = config["prior"], tuple(BAND_NAMES.values())
    if not isinstance(prior, dict):
        yield Problem(("prior",), "mapping")
        return
    yield from name_problems(("prior",), prior, names, names)
    for name in names:
        if name in prior and not _is_share(prior[name]):
            yield Problem(("prior", name), "share")


def _is_share(value: Any) -> bool:
    return is_number(value) and 0 <= value <= 1


def _whole(config: dict[str, Any]) -> Iterator[Problem]:
    """This will look at what only a content that is sound in its parts can lack."""
    if not config["measures"]:
        yield Problem(("measures",), "none")
        return
    groups = {row["key"]: row["weight"] for row in config.get("groups", [])}
    if not any(
        row["weight"] > 0 and (not groups or groups.get(row["group"], 0) > 0)
        for row in config["measures"]
    ):
        yield Problem(("measures",), "weightless")
