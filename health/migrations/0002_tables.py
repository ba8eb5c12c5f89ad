"""Tables written set-wise: scores by day, the standing, and the board the pages read."""

from django.db import migrations

SCORE = """
CREATE TABLE health_score (
    customer_id bigint NOT NULL
        REFERENCES customers_customer (id) ON DELETE CASCADE,
    as_of date NOT NULL,
    run_id bigint NOT NULL,
    scorecard_version_id bigint NOT NULL,
    score real NOT NULL,
    coverage real NOT NULL,
    band smallint NOT NULL,
    subscores real[] NOT NULL,
    freshness real[] NOT NULL,
    values real[] NOT NULL,
    before real[] NOT NULL,
    PRIMARY KEY (customer_id, as_of)
) PARTITION BY RANGE (as_of);
"""

# The fill factor leaves room for updates in place: every row changes every night.
STANDING = """
CREATE TABLE health_standing (
    customer_id bigint PRIMARY KEY
        REFERENCES customers_customer (id) ON DELETE CASCADE,
    run_id bigint NOT NULL,
    score real NOT NULL,
    coverage real NOT NULL,
    band smallint NOT NULL,
    churn real NOT NULL,
    churn_low real NOT NULL,
    churn_high real NOT NULL,
    mrr numeric(14, 2) NOT NULL,
    clv numeric(14, 2) NOT NULL,
    clv_p10 numeric(14, 2) NOT NULL,
    clv_p50 numeric(14, 2) NOT NULL,
    clv_p90 numeric(14, 2) NOT NULL,
    clv_textbook numeric(14, 2) NOT NULL,
    value_at_risk numeric(14, 2) NOT NULL,
    queue_value numeric(14, 2) NOT NULL,
    at_risk boolean NOT NULL,
    renews_on date,
    last_contact_on date,
    last_used_on date,
    latest_nps smallint,
    reasons smallint[] NOT NULL,
    reason_values real[] NOT NULL,
    reason_before real[] NOT NULL,
    weekly real[] NOT NULL
) WITH (fillfactor = 60);
"""

BOARD = """
CREATE TABLE health_board (
    customer_id bigint NOT NULL,
    name varchar(200) NOT NULL,
    segment_id bigint,
    segment_name varchar(80) NOT NULL,
    owner_id bigint,
    owner_name varchar(150) NOT NULL,
    contact_id bigint,
    contact_name varchar(150) NOT NULL,
    scorecard_version_id bigint NOT NULL,
    score real NOT NULL,
    coverage real NOT NULL,
    band smallint NOT NULL,
    churn real NOT NULL,
    churn_low real NOT NULL,
    churn_high real NOT NULL,
    mrr numeric(14, 2) NOT NULL,
    clv numeric(14, 2) NOT NULL,
    clv_p10 numeric(14, 2) NOT NULL,
    clv_p90 numeric(14, 2) NOT NULL,
    value_at_risk numeric(14, 2) NOT NULL,
    queue_value numeric(14, 2) NOT NULL,
    rank integer NOT NULL,
    at_risk boolean NOT NULL,
    renews_on date,
    last_contact_on date,
    latest_nps smallint,
    falling boolean NOT NULL,
    silent boolean NOT NULL,
    snoozed_until date,
    reasons smallint[] NOT NULL,
    reason_values real[] NOT NULL,
    reason_before real[] NOT NULL,
    weekly real[] NOT NULL
);
"""


class Migration(migrations.Migration):
    dependencies = [("health", "0001_initial"), ("customers", "0002_usage")]
    operations = [
        migrations.RunSQL(SCORE, "DROP TABLE health_score"),
        migrations.RunSQL(STANDING, "DROP TABLE health_standing"),
        migrations.RunSQL(BOARD, "DROP TABLE health_board"),
    ]
