"""A problem with the content of a scorecard, and the checks all of its parts need.

A problem names its field by the way to it from the top, such as ("measures", 3,
"anchors", 1), and what is wrong by a code; `health.scorecard_problem_words` puts it into
words.
"""

import difflib
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]
# A hundred years: what is as old as that never ages.
MOST_DAYS = 36_500
MOST_WEIGHT = 1_000_000


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


def is_number(value: Any) -> bool:
    """This will be true of a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # A whole number of hundreds of digits is none that could be reckoned with.
    return math.isfinite(value) if isinstance(value, float) else abs(value) < 10**15


def name_problems(
    path: Path,
    there: Mapping[Any, Any],
    allowed: Collection[str],
    needed: tuple[str, ...],
) -> Iterator[Problem]:
    """This will list the names that are unheard of, and those that are missing."""
    for name in there:
        if name not in allowed:
            yield unknown_problem((*path, str(name)), "name", name, allowed)
    for name in needed:
        if name not in there:
            yield Problem((*path, name), "missing")


def unknown_problem(
    path: Path, code: str, value: Any, allowed: Collection[str]
) -> Problem:
    """This will say that a name is none of those allowed, and which comes nearest."""
    near = difflib.get_close_matches(str(value), list(allowed), n=1)
    facts = {"value": str(value)[:60], "near": near[0] if near else ""}
    return Problem(path, code, facts | {"allowed": ", ".join(allowed)})


def weight_problems(path: Path, row: dict[str, Any]) -> Iterator[Problem]:
    """This will check the weight of a measure or group, where there is one."""
    if "weight" not in row:
        return
    path = (*path, "weight")
    if not is_number(row["weight"]):
        yield Problem(path, "number")
    elif row["weight"] < 0:
        yield Problem(path, "negative")
    elif row["weight"] > MOST_WEIGHT:
        yield Problem(path, "most", {"most": MOST_WEIGHT})
