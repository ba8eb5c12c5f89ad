"""How the sources stand against their rhythms."""

from dataclasses import asdict

from health.calculations.sources import RHYTHMS, SourceState
from health.models import SourceRhythm
from health.selectors.frame import SourceAges


def rhythms() -> dict[str, int | None]:
    """This will return every source's expected rhythm in days. One query."""
    return RHYTHMS | dict(SourceRhythm.objects.values_list("source", "days"))


def source_states(ages: SourceAges) -> dict[str, SourceState]:
    """This will put ages beside rhythms. One query."""
    expected = rhythms()
    return {key: SourceState(age, expected[key]) for key, age in asdict(ages).items()}
