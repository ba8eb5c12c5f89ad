"""What a group and a measure weigh in the whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the whole, 0..1; they add up to 1 unless nothing counts."""

    groups: Mapping[str, float]
    measures: Mapping[str, float]


def shares_of(
    groups: Mapping[str, float], lines: Iterable[tuple[str, str, float]]
) -> Shares:
    """This will share the whole out among groups, and a group's part among its measures.

    `lines` are key, group and weight of what counts. A group without a measure that
    weighs something has no share, as in `rules_from_config`. Numbers below 0 count as 0.
    """
    rows = [(key, group, max(weight, 0.0)) for key, group, weight in lines]
    inside = dict.fromkeys(groups, 0.0)
    for _key, group, weight in rows:
        inside[group] = inside.get(group, 0.0) + weight
    heavy = {
        group: max(groups.get(group, 0.0), 0.0) if inside[group] else 0.0
        for group in inside
    }
    whole = sum(heavy.values()) or 1.0
    part = {group: weight / whole for group, weight in heavy.items()}
    return Shares(
        part,
        {
            key: part[group] * weight / inside[group] if inside[group] else 0.0
            for key, group, weight in rows
        },
    )
