"""What the page about one measure of a customer shows, put together."""

import datetime as dt
import math
from typing import Any

from accounts.models import Company
from customers.models import Customer
from health.history_charts import measure_figure
from health.measures import MEASURES
from health.reading_words import absent_words, reading_words
from health.readings import NOT_APPLICABLE
from health.scorecard_words import anchors_words, freshness_words
from health.selectors.evidence import evidence
from health.selectors.history import MeasurePoint, history
from health.selectors.ledger import latest_snapshot
from health.selectors.standing import Snapshot, explain
from health.wording import late_words

# How much of a measure's past is shown.
PAST_DAYS = 365


def measure_content(
    *, customer: Customer, key: str, on: dt.date | None, company: Company
) -> dict[str, Any]:
    """This will gather the page of one measure. Constant queries."""
    measure = MEASURES[key]
    found = latest_snapshot(customer_id=customer.pk, on=on)
    content: dict[str, Any] = {"measure": measure, "found": found, "on": on}
    if found is None:
        return content
    score = found.score
    past = history(customer_id=customer.pk, as_of=score.as_of, days=PAST_DAYS)
    points = past.measures.get(key, [])
    here = next((point for point in points if point.day == score.as_of), None)
    applies = here is not None and here.age != NOT_APPLICABLE
    line = found.rules.line(key)
    said = reading_words(found, key)
    return content | {
        "score": score,
        "said": said or absent_words(applies),
        "here": here,
        "known": here is not None and not math.isnan(here.value),
        "part": next((p for p in explain(found).parts if p.key == key), None),
        "line": line,
        "anchors": anchors_words(line.anchors) if line else "",
        "by_age": [
            {"months": step.until_months, "anchors": anchors_words(step.anchors)}
            for step in (line.by_age if line else ())
        ],
        "freshness": _freshness_words(found, key),
        "trend": measure_figure(
            points,
            words=[_said(key, point) for point in points],
            headline=said or absent_words(applies),
        )
        if points
        else None,
        "evidence": evidence(score=score, key=key, company=company),
        "late": late_words(found.late) if found.late.get(measure.source) else "",
    }


def _freshness_words(found: Snapshot, key: str) -> str:
    line = found.rules.line(key)
    if line is None:
        return ""
    rule = line.freshness
    return freshness_words((rule.full, rule.half_life, rule.maximum))


def _said(key: str, point: MeasurePoint) -> str:
    if math.isnan(point.value):
        return absent_words(point.age != NOT_APPLICABLE)
    return MEASURES[key].sentence(point.value, point.before, point.day)
