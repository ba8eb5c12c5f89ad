"""Which signals a company really has."""

from django.db import connection

from health.models import Run


def measure_presence(run: Run) -> dict[str, float | None]:
    """This will return, per measure, the share of a run's customers that have a value.

    Of those it applies to; None where it applies to nobody. Raw SQL: arrays, position by
    position. Cost: one pass over the day's scores.
    """
    keys = [line["key"] for line in run.scorecard_version.config["measures"]]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT position, avg((sub <> 'NaN')::int) FILTER (WHERE fresh <> 'NaN')
              FROM health_score, unnest(subscores, freshness)
                   WITH ORDINALITY AS part (sub, fresh, position)
             WHERE as_of = %s AND run_id = %s GROUP BY position
            """,
            [run.as_of, run.pk],
        )
        shares = dict(cursor.fetchall())
    return {
        key: None if shares.get(i) is None else float(shares[i])
        for i, key in enumerate(keys, start=1)
    }
