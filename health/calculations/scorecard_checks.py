"""Is the content of a scorecard sound? All that is wrong is said at once.

The content is the JSON of `calculations.scorecard`, perhaps written by hand: nothing is
taken for granted, not even that a list is a list. A problem names its field by the way to
it from the top, such as ("measures", 3, "anchors", 1), and what is wrong by a code;
`health.scorecard_words` puts it into words.
"""

import difflib
import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from health.calculations.scorecard import BAND_NAMES, ROLLUPS

Path = tuple[str | int, ...]
# More steps than these for young customers would be a table nobody can read.
MOST_STEPS = 3
MOST_MONTHS = 600
# A hundred years: what is as old as that never ages.
MOST_DAYS = 36_500
MOST_WEIGHT = 1_000_000
MOST_ANCHOR = 1_000_000_000
TOP = ("groups", "measures", "bands", "floor", "rollup", "prior")
NEEDED = ("measures", "bands", "floor", "prior")
LINE = ("key", "group", "weight", "anchors", "by_age", "freshness")
# The first versions knew no groups: one may be left out where the content names none.
LINE_NEEDED = ("key", "weight", "anchors", "freshness")


@dataclass(frozen=True, slots=True)
class Known:
    """What the code says of a measure: its group, and whether more of it is better."""

    group: str
    rising: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A field that is wrong. `facts` holds what the words need."""

    path: Path
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def path_text(path: Path) -> str:
    """This will write the way to a field: measures[3].anchors[1], counted from 1."""
    text = ""
    for step in path:
        text += (
            f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
        )
    return text


def config_problems(config: Any, known: Mapping[str, Known]) -> list[Problem]:
    """This will list all that is wrong with a content; empty when it may be used.

    `known` names the measures there are. Whatever passes is read by `rules_from_config`
    without an error. Cost: one pass.
    """
    if not isinstance(config, dict):
        return [Problem((), "mapping")]
    groups = sorted({one.group for one in known.values()})
    problems = [
        *_names((), config, TOP, NEEDED),
        *_each(config, "groups", lambda path, one: _group(path, one, groups)),
        *_each(config, "measures", lambda path, one: _line(path, one, config, known)),
        *_bands(config),
        *_floor(config),
        *_prior(config),
    ]
    if "rollup" in config and config["rollup"] not in ROLLUPS:
        problems.append(_unknown(("rollup",), "choice", config["rollup"], ROLLUPS))
    return problems or list(_whole(config))


def is_number(value: Any) -> bool:
    """This will be true of a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # A whole number of hundreds of digits is none that could be reckoned with.
    return math.isfinite(value) if isinstance(value, float) else abs(value) < 10**15


def _names(
    path: Path,
    there: Mapping[Any, Any],
    allowed: Collection[str],
    needed: tuple[str, ...],
) -> Iterator[Problem]:
    for name in there:
        if name not in allowed:
            yield _unknown((*path, str(name)), "name", name, allowed)
    for name in needed:
        if name not in there:
            yield Problem((*path, name), "missing")


def _unknown(path: Path, code: str, value: Any, allowed: Collection[str]) -> Problem:
    near = difflib.get_close_matches(str(value), list(allowed), n=1)
    facts = {"value": str(value)[:60], "near": near[0] if near else ""}
    return Problem(path, code, facts | {"allowed": ", ".join(allowed)})


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
    yield from _names(path, row, ("key", "weight"), ("key", "weight"))
    if "key" in row and row["key"] not in groups:
        yield _unknown((*path, "key"), "group", row["key"], groups)
    yield from _weight(path, row)


def _line(
    path: Path, row: dict[str, Any], config: dict[str, Any], known: Mapping[str, Known]
) -> Iterator[Problem]:
    needed = (*LINE_NEEDED, "group") if config.get("groups") else LINE_NEEDED
    yield from _names(path, row, LINE, needed)
    yield from _weight(path, row)
    key = row.get("key")
    measure = known.get(key) if isinstance(key, str) else None
    if "key" in row and measure is None:
        yield _unknown((*path, "key"), "measure", key, known)
    if "group" in row and row["group"] not in _group_keys(config, known):
        there = _group_keys(config, known)
        yield _unknown((*path, "group"), "group", row["group"], there)
    if "anchors" in row:
        yield from _anchors((*path, "anchors"), row["anchors"], measure)
    if "freshness" in row:
        yield from _freshness((*path, "freshness"), row["freshness"])
    if "by_age" in row:
        yield from _steps((*path, "by_age"), row["by_age"], measure)


def _group_keys(config: dict[str, Any], known: Mapping[str, Known]) -> list[str]:
    """This will name the groups a measure may stand in: the content's own, if any."""
    rows = config.get("groups")
    rows = (
        [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    )
    own = [row["key"] for row in rows if isinstance(row.get("key"), str)]
    return own or sorted({one.group for one in known.values()})


def _weight(path: Path, row: dict[str, Any]) -> Iterator[Problem]:
    if "weight" not in row:
        return
    path = (*path, "weight")
    if not is_number(row["weight"]):
        yield Problem(path, "number")
    elif row["weight"] < 0:
        yield Problem(path, "negative")
    elif row["weight"] > MOST_WEIGHT:
        yield Problem(path, "most", {"most": MOST_WEIGHT})


def _anchors(path: Path, value: Any, measure: Known | None) -> Iterator[Problem]:
    if not isinstance(value, list) or len(value) != 4:
        yield Problem(path, "four")
        return
    wrong = [
        place
        for place, one in enumerate(value)
        if not is_number(one) or abs(one) > MOST_ANCHOR
    ]
    if wrong:
        for place in wrong:
            code = "most" if is_number(value[place]) else "number"
            yield Problem((*path, place), code, {"most": MOST_ANCHOR})
        return
    steps = [after - before for before, after in pairwise(value)]
    rising, falling = any(step > 0 for step in steps), any(step < 0 for step in steps)
    if rising == falling:
        yield Problem(path, "one_way" if rising else "flat")
    elif measure is not None and rising != measure.rising:
        yield Problem(path, "upwards" if measure.rising else "downwards")


def _freshness(path: Path, value: Any) -> Iterator[Problem]:
    if not isinstance(value, list) or len(value) != 3:
        yield Problem(path, "three")
        return
    wrong = [place for place, one in enumerate(value) if not is_number(one)]
    yield from (Problem((*path, place), "number") for place in wrong)
    if wrong:
        return
    full, half, most = value
    if full < 0:
        yield Problem((*path, 0), "negative")
    if half <= 0:
        yield Problem((*path, 1), "positive")
    if most < full or most <= 0:
        yield Problem((*path, 2), "end")
    for place, days in enumerate(value):
        if days > MOST_DAYS:
            yield Problem((*path, place), "most", {"most": MOST_DAYS})


def _steps(path: Path, value: Any, measure: Known | None) -> Iterator[Problem]:
    if not isinstance(value, list):
        yield Problem(path, "list")
        return
    if len(value) > MOST_STEPS:
        yield Problem(path, "steps", {"most": MOST_STEPS})
    before = 0.0
    for place, step in enumerate(value):
        here: Path = (*path, place)
        if not isinstance(step, dict):
            yield Problem(here, "mapping")
            continue
        names = ("until_months", "anchors")
        yield from _names(here, step, names, names)
        if "anchors" in step:
            yield from _anchors((*here, "anchors"), step["anchors"], measure)
        if "until_months" not in step:
            continue
        months, here = step["until_months"], (*here, "until_months")
        if not is_number(months):
            yield Problem(here, "number")
        elif not before < months <= MOST_MONTHS:
            facts = {"before": before, "most": MOST_MONTHS}
            yield Problem(here, "months", facts)
        else:
            before = months


def _bands(config: dict[str, Any]) -> Iterator[Problem]:
    if "bands" not in config:
        return
    bands, names = config["bands"], ("at_risk", "watch")
    if not isinstance(bands, dict):
        yield Problem(("bands",), "mapping")
        return
    yield from _names(("bands",), bands, names, names)
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
    yield from _names(("prior",), prior, names, names)
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
