"""All measures, by name. Add one here and in its group's file."""

from health.measures import billing, relationship, support, survey, usage
from health.measures.base import Measure

MEASURES: dict[str, Measure] = {
    measure.key: measure
    for group in (usage, support, survey, billing, relationship)
    for measure in group.MEASURES
}
BY_CODE: dict[int, Measure] = {measure.code: measure for measure in MEASURES.values()}
