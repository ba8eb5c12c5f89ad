"""Contacts between us and customers, and our own impressions of them."""

import numpy as np
from numpy.typing import NDArray

from health.calculations.groups import Groups
from health.selectors.facts.answers import by_time
from health.selectors.facts.moment import NEVER
from health.selectors.facts.reading import Facts, Reader

WINDOW = 90
# Kinds of interactions that say something; a note is not a contact.
PULSE, MEETING = 1, 2
STATEMENT = """
SELECT customer_id, happened_at, id,
  CASE kind WHEN 'pulse' THEN 1 WHEN 'meeting' THEN 2 WHEN 'review' THEN 2 ELSE 3 END,
  coalesce(pulse, 0)::int, coalesce(contact_id, 0)
FROM customers_interaction
WHERE customer_id BETWEEN %(first)s AND %(last)s AND kind <> 'note'
  AND happened_at < %(known)s AND recorded_at < %(known)s
ORDER BY customer_id, happened_at
"""
COLUMNS = {
    "customer_id": "bigint",
    "happened_at": "bigint",
    "id": "bigint",
    "kind": "integer",
    "pulse": "integer",
    "contact_id": "bigint",
}


def interaction_facts(
    reader: Reader, ids: NDArray[np.int64], executives: NDArray[np.int64]
) -> Facts:
    """This will return last contacts, meetings and the last pulse. One statement."""
    rows = by_time(reader.rows(STATEMENT, COLUMNS), "happened_at")
    groups = Groups(ids, rows["customer_id"])
    kind, moment = rows["kind"][groups.rows], rows["happened_at"][groups.rows]
    contact = kind != PULSE
    with_executive = contact & np.isin(rows["contact_id"][groups.rows], executives)
    pulses = rows["kind"] == PULSE
    felt = Groups(ids, rows["customer_id"][pulses])
    window = reader.window

    def last(kept: NDArray[np.bool_]) -> NDArray[np.int32]:
        found = groups.highest(np.where(kept, moment, NEVER), NEVER)
        return window.days_since(found)

    met = (kind == MEETING) & (moment >= window.micros("interactions", WINDOW))
    return {
        "contact_days": last(contact),
        "executive_days": last(with_executive),
        "meetings": groups.count(met),
        "pulse": felt.last(rows["pulse"][pulses][felt.rows], -1),
        "pulse_age": window.days_since(
            felt.last(rows["happened_at"][pulses][felt.rows], NEVER)
        ),
    }
