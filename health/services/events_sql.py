"""Lines on the timeline of customers whose band changed in a night."""

import datetime as dt

from django.conf import settings
from django.db import connection

from customers.enums import DeliveryState
from health.events import BAND_CHANGED
from health.models import Run
from health.services.tables_sql import STANDING, RunTables

# One statement for all: a night may bring tens of thousands.
RECORD = """
WITH told AS (
  INSERT INTO customers_event (customer_id, kind, happened_at, recorded_at, subject_type,
    subject_id, data)
  SELECT n.customer_id, %(kind)s, %(now)s, %(now)s, 'health.run', %(run)s,
    jsonb_build_object('before', o.told, 'after', n.band,
      'score_before', round(nullif(o.score, 'NaN')::numeric, 1),
      'score', round(nullif(n.score, 'NaN')::numeric, 1))
  FROM {new} n JOIN {old} o USING (customer_id)
  WHERE n.told <> o.told ORDER BY n.customer_id
  RETURNING id
)
INSERT INTO customers_eventdelivery (event_id, consumer, state, attempts, reason)
SELECT told.id, consumer, %(state)s, 0, ''
  FROM told, unnest(%(consumers)s::text[]) AS consumer
"""


def band_changes_record(*, run: Run, tables: RunTables, now: dt.datetime) -> None:
    """This will tell the timeline of everybody whose band changed, and who waits for it.

    Against the standing that is shown: so nothing is told on a first run, nor of bands
    that only a late source is behind. Call it in the transaction that shows the run.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            RECORD.format(new=tables.standing, old=STANDING),
            {
                "kind": BAND_CHANGED,
                "now": now,
                "run": str(run.pk),
                "state": DeliveryState.PENDING,
                "consumers": list(settings.EVENT_CONSUMERS),
            },
        )
