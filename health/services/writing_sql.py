"""Columns and statements of the tables a shard writes."""

SCORE = {
    "customer_id": "bigint",
    "as_of": "date",
    "run_id": "bigint",
    "scorecard_version_id": "bigint",
    "score": "double",
    "computed": "double",
    "coverage": "double",
    "band": "smallint",
    "basis": "smallint",
    "late": "boolean",
    "tenure": "integer",
    "values": "bytes",
    "before": "bytes",
    "ages": "bytes",
}

STANDING = {
    "customer_id": "bigint",
    "scorecard_version_id": "bigint",
    "score": "double",
    "computed": "double",
    "coverage": "double",
    "band": "smallint",
    "basis": "smallint",
    "late": "boolean",
    "churn": "real",
    "churn_low": "real",
    "churn_high": "real",
    "mrr": "double",
    "clv": "double",
    "clv_p10": "double",
    "clv_p50": "double",
    "clv_p90": "double",
    "clv_textbook": "double",
    "value_at_risk": "double",
    "queue_value": "double",
    "at_risk": "boolean",
    "renewal_days": "integer",
    "contact_day": "date",
    "used_day": "date",
    "latest_nps": "integer",
    "asks": "smallint",
    "reasons": "smallint[2]",
    "reason_values": "real[2]",
    "reason_before": "real[2]",
    "weekly": "real[13]",
}

_TYPES = {"double": "double precision"}
STANDING_TABLE = (
    "DROP TABLE IF EXISTS pg_temp.standing_new;"
    " CREATE TEMPORARY TABLE standing_new ({}) ON COMMIT DROP"
).format(
    ", ".join(
        f"{name} {_TYPES.get(kind, kind.partition('[')[0])}{'[]' if '[' in kind else ''}"
        for name, kind in STANDING.items()
    )
)

# −1 days and the day before the epoch stand for "none" on the way in.
_NONE_DAY = "DATE '1999-12-31'"
_TARGET = [
    "customer_id",
    "run_id",
    "scorecard_version_id",
    "score",
    "computed",
    "coverage",
    "band",
    "basis",
    "late",
    "churn",
    "churn_low",
    "churn_high",
    "mrr",
    "clv",
    "clv_p10",
    "clv_p50",
    "clv_p90",
    "clv_textbook",
    "value_at_risk",
    "queue_value",
    "at_risk",
    "renews_on",
    "last_contact_on",
    "last_used_on",
    "latest_nps",
    "asks",
    "reasons",
    "reason_values",
    "reason_before",
    "weekly",
]
_SOURCE = {
    "run_id": "%(run)s",
    "renews_on": "CASE WHEN renewal_days >= 0 THEN %(as_of)s::date + renewal_days END",
    "last_contact_on": f"nullif(contact_day, {_NONE_DAY})",
    "last_used_on": f"nullif(used_day, {_NONE_DAY})",
    "latest_nps": "nullif(latest_nps, -1)::smallint",
}
STANDING_UPSERT = (
    f"INSERT INTO health_standing ({', '.join(_TARGET)}) SELECT "
    + ", ".join(_SOURCE.get(name, name) for name in _TARGET)
    + " FROM standing_new ORDER BY customer_id ON CONFLICT (customer_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _TARGET[1:])
)
