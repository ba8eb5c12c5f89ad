"""Is a measure of a scorecard sound: its weight, anchors, freshness, steps by age?"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from health.calculations.scorecard_problems import (
    MOST_DAYS,
    Known,
    Path,
    Problem,
    is_number,
    name_problems,
    unknown_problem,
    weight_problems,
)

# More steps than these for young customers would be a table nobody can read.
MOST_STEPS = 3
MOST_MONTHS = 600
MOST_ANCHOR = 1_000_000_000
LINE = ("key", "group", "weight", "anchors", "by_age", "freshness")
# The first versions knew no groups: one may be left out where the content names none.
LINE_NEEDED = ("key", "weight", "anchors", "freshness")


def line_problems(
    path: Path, row: dict[str, Any], config: dict[str, Any], known: Mapping[str, Known]
) -> Iterator[Problem]:
    """This will check one measure of a content, which names the groups there are."""
    needed = (*LINE_NEEDED, "group") if config.get("groups") else LINE_NEEDED
    yield from name_problems(path, row, LINE, needed)
    yield from weight_problems(path, row)
    key = row.get("key")
    measure = known.get(key) if isinstance(key, str) else None
    if "key" in row and measure is None:
        yield unknown_problem((*path, "key"), "measure", key, known)
    if "group" in row and row["group"] not in _group_keys(config, known):
        there = _group_keys(config, known)
        yield unknown_problem((*path, "group"), "group", row["group"], there)
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
        yield from name_problems(here, step, names, names)
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
