"""In which scorecards a measure counts."""

from dataclasses import dataclass

from health.models import Scorecard, ScorecardVersion
from health.selectors.lineup import lineup_in_use


@dataclass(frozen=True, slots=True)
class Weighing:
    """A scorecard in use, and the share of the whole each of its measures has, 0..1."""

    scorecard: Scorecard
    shares: dict[str, float]


def scorecards_weighing() -> list[Weighing]:
    """This will return the scorecards in use, in their order. Four queries."""
    lineup = lineup_in_use()
    versions = ScorecardVersion.objects.select_related("scorecard").defer("config")
    rows = versions.in_bulk(lineup.version_ids)
    return [
        Weighing(
            rows[version].scorecard,
            {line.key: line.weight for line in rules.measures if line.weight > 0},
        )
        for version, rules in zip(lineup.version_ids, lineup.rules, strict=True)
    ]
