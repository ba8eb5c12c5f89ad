"""usage.csv: how much a customer used the product on a day.

The whole file is first put against what is known, in one statement, so that writing a
batch is a plain insert: 40,000 rows a second, and a repeated load writes nothing.
"""

from collections.abc import Sequence
from typing import Any

from common.partitions import month_partitions_ensure, next_month
from customers.extension import Importer
from customers.importing.load import Check, Load, customer_known
from customers.importing.tally import Counts
from customers.importing.values import Column

PLAIN = """
SELECT s.line, c.id AS customer_id, s.day, COALESCE(s.period_days, 1) AS period_days,
       COALESCE(s.active_users, 0) AS active_users, COALESCE(s.events, 0) AS events,
       COALESCE(s.features, 0) AS features, s.key_events,
       GREATEST(s.day, (s.recorded_at AT TIME ZONE %(zone)s)::date) AS recorded_on
FROM import_stage s JOIN customers_customer c ON c.external_id = s.customer_id
"""
# Many rows of a day become one: events add up, users are the most seen at once, and a
# feature counts once however often it was used.
AGGREGATED = """
SELECT min(s.line) AS line, c.id AS customer_id, s.day,
       COALESCE(max(s.period_days), 1) AS period_days,
       COALESCE(max(s.active_users), 0) AS active_users,
       sum(COALESCE(s.events, 1)) AS events,
       GREATEST(COALESCE(max(s.features), 0), count(DISTINCT s.feature)) AS features,
       sum(s.key_events) AS key_events,
       GREATEST(s.day, max((s.recorded_at AT TIME ZONE %(zone)s)::date)) AS recorded_on
FROM import_stage s JOIN customers_customer c ON c.external_id = s.customer_id
GROUP BY c.id, s.day
"""
# The difference to what was known. A correction becomes known today, or when the file
# says, but never on a day on which the usage was already known otherwise. Events of key
# features that nobody counted so far are news even when there were none.
AGAINST_KNOWN = """
CREATE TEMP TABLE import_ready AS
SELECT r.line, r.customer_id, r.day, r.period_days,
       CASE WHEN count(u.day) = 0 OR r.recorded_on > max(u.recorded_on)
            THEN r.recorded_on ELSE GREATEST(r.day, %(today)s) END AS recorded_on,
       r.active_users - COALESCE(sum(u.active_users), 0) AS active_users,
       r.events - COALESCE(sum(u.events), 0) AS events,
       r.features - COALESCE(sum(u.features), 0) AS features,
       r.key_events - COALESCE(sum(u.key_events), 0) AS key_events,
       count(u.day) > 0 AS known,
       r.key_events IS NOT NULL AND count(u.key_events) = 0 AS key_news
FROM ({rows}) r
LEFT JOIN customers_usagedaily u ON u.customer_id = r.customer_id AND u.day = r.day
     AND u.day >= %(from)s AND u.day < %(end)s
GROUP BY r.line, r.customer_id, r.day, r.period_days, r.recorded_on,
         r.active_users, r.events, r.features, r.key_events
"""
AGAINST_NOTHING = """
CREATE TEMP TABLE import_ready AS
SELECT r.line, r.customer_id, r.day, r.period_days, r.recorded_on, r.active_users,
       r.events, r.features, r.key_events, false AS known, false AS key_news
FROM ({rows}) r
"""
DIFFERS = (
    "(key_news OR (active_users, events, features, COALESCE(key_events, 0)) "
    "<> (0, 0, 0, 0))"
)
COLUMNS = """customer_id, day, recorded_on, period_days, active_users, events, features,
       key_events"""
BATCH = "FROM import_ready WHERE line > %(first)s AND line <= %(last)s"
# Most rows are of days nobody spoke of yet: a plain insert writes a third of what one
# that looks for conflicts does.
NEWS = f"""
INSERT INTO customers_usagedaily ({COLUMNS})
SELECT {COLUMNS} {BATCH} AND NOT known ORDER BY customer_id, day
"""
CORRECTIONS = f"""
INSERT INTO customers_usagedaily AS t ({COLUMNS})
SELECT {COLUMNS} {BATCH} AND known AND {DIFFERS} ORDER BY customer_id, day
ON CONFLICT (customer_id, day, recorded_on) DO UPDATE
   SET active_users = t.active_users + EXCLUDED.active_users,
       events = t.events + EXCLUDED.events,
       features = t.features + EXCLUDED.features,
       key_events = COALESCE(t.key_events + EXCLUDED.key_events,
                             t.key_events, EXCLUDED.key_events)
"""
COUNT = f"""
SELECT count(*) FILTER (WHERE NOT known),
       count(*) FILTER (WHERE known AND {DIFFERS}),
       count(*) FILTER (WHERE known AND NOT {DIFFERS})
FROM import_ready WHERE line > %(first)s AND line <= %(last)s
"""


class UsageImporter(Importer):
    """Usage; a changed value is added as a difference that became known today."""

    table = "usage"
    noun = "usage"
    key = ("customer_id", "day")
    newest = "day"
    temporary = ("import_ready",)
    columns = (
        Column("customer_id", required=True, size=100),
        Column("day", "date", required=True, past=True),
        Column("active_users", "integer"),
        Column("events", "integer"),
        Column("features", "integer"),
        Column("key_events", "integer"),
        Column("period_days", "integer", low=1, high=366),
        Column("usage_id", size=100),
        Column("feature", size=100),
        Column("recorded_at", "moment", past=True),
    )

    def unique(self, load: Load) -> tuple[str, ...]:
        """This will expect one row per customer and day, or unique ids in raw rows."""
        return ("usage_id",) if load.aggregate else self.key

    def checks(self, load: Load) -> Sequence[Check]:
        """This will reject usage of unknown customers."""
        del load
        return (customer_known(),)

    def prepare(self, cursor: Any, load: Load) -> None:
        """This will work out what is new, and make the months' partitions."""
        cursor.execute("DROP TABLE IF EXISTS import_ready")
        cursor.execute(
            "SELECT DISTINCT date_trunc('month', day)::date FROM import_stage ORDER BY 1"
        )
        months = [month for (month,) in cursor.fetchall()]
        for month in months:
            month_partitions_ensure(
                table="customers_usagedaily", first=month, last=month
            )
        rows = AGGREGATED if load.aggregate else PLAIN
        span = {"from": months[0], "end": next_month(months[-1])} if months else {}
        fresh = True
        if months:
            cursor.execute(
                "SELECT NOT EXISTS (SELECT 1 FROM customers_usagedaily "
                "WHERE day >= %(from)s AND day < %(end)s)",
                span,
            )
            fresh = cursor.fetchone()[0]
        query = AGAINST_NOTHING if fresh else AGAINST_KNOWN
        cursor.execute(query.format(rows=rows), load.parameters(**span))
        cursor.execute("CREATE INDEX ON import_ready (line)")
        cursor.execute("ANALYZE import_ready")

    def write(self, cursor: Any, load: Load, first: int, last: int) -> Counts:
        """This will write a batch of usage."""
        parameters = load.parameters(first=first, last=last)
        cursor.execute(COUNT, parameters)
        counts = Counts(*cursor.fetchone())
        if counts.created:
            cursor.execute(NEWS, parameters)
        if counts.changed:
            cursor.execute(CORRECTIONS, parameters)
        return counts
