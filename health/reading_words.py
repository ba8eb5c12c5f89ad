"""What a measure read on a day, in words."""

import math

from django.utils.translation import gettext as _

from health.measures import MEASURES
from health.readings import NOT_APPLICABLE
from health.selectors.standing import Snapshot


def reading_words(found: Snapshot, key: str) -> str | None:
    """This will say what a measure read on a day; None where there is no value."""
    measure, place = MEASURES.get(key), place_of(found, key)
    if measure is None or place is None:
        return None
    value = float(found.readings.value[0, place])
    if math.isnan(value):
        return None
    before = float(found.readings.before[0, place])
    return measure.sentence(value, before, found.score.as_of)


def label_of(key: str) -> str:
    """This will name a measure, also one that is no longer taken."""
    return str(MEASURES[key].label) if key in MEASURES else key


def place_of(found: Snapshot, key: str) -> int | None:
    """This will return where a measure stands in a day's readings; None: nowhere."""
    layout = found.readings.layout
    return layout.index(key) if key in layout else None


def icon_of(key: str) -> str:
    """This will return the icon of a measure, also of one that is no longer taken."""
    return MEASURES[key].icon if key in MEASURES else "circle-question-mark"


def applies(found: Snapshot, key: str) -> bool:
    """This will be false where a measure has nothing to say of a customer."""
    place = place_of(found, key)
    return place is not None and found.readings.age[0, place] != NOT_APPLICABLE


def absent_words(there: bool) -> str:
    """This will say why a measure has no value."""
    return _("Not known") if there else _("Does not apply")
