"""The audit log's tables, by hand: nothing of Django may alter or empty them."""

import django.db.models.deletion
from django.db import migrations, models

TABLES = """
CREATE TABLE accounts_auditentry (
  number bigint PRIMARY KEY CHECK (number > 0),
  at timestamptz NOT NULL,
  actor_id bigint,
  action varchar(80) NOT NULL,
  subject_type varchar(60) NOT NULL,
  subject_id varchar(60) NOT NULL,
  before jsonb NOT NULL,
  after jsonb NOT NULL,
  detail_digest varchar(64) NOT NULL,
  previous varchar(64) NOT NULL,
  digest varchar(64) NOT NULL UNIQUE
);
CREATE INDEX accounts_audit_actor ON accounts_auditentry (actor_id, number);
CREATE INDEX accounts_audit_action ON accounts_auditentry (action, number);
CREATE INDEX accounts_audit_subject
  ON accounts_auditentry (subject_type, subject_id, number);
CREATE TABLE accounts_auditdetail (
  entry_id bigint PRIMARY KEY REFERENCES accounts_auditentry (number),
  person_id bigint,
  salt varchar(32) NOT NULL,
  data jsonb NOT NULL
);
CREATE INDEX accounts_auditdetail_person ON accounts_auditdetail (person_id)
  WHERE person_id IS NOT NULL;
CREATE TABLE accounts_audithead (
  id smallint PRIMARY KEY CHECK (id = 1),
  entries bigint NOT NULL,
  digest varchar(64) NOT NULL,
  mac varchar(64) NOT NULL
);
CREATE FUNCTION accounts_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log may only be added to (% on %).', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER accounts_audit_only_insert BEFORE UPDATE OR DELETE OR TRUNCATE
  ON accounts_auditentry FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse();
CREATE TRIGGER accounts_auditdetail_no_update BEFORE UPDATE OR TRUNCATE
  ON accounts_auditdetail FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse();
CREATE TRIGGER accounts_audithead_no_delete BEFORE DELETE OR TRUNCATE
  ON accounts_audithead FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_refuse();
"""
GONE = """
DROP TABLE accounts_auditdetail, accounts_audithead, accounts_auditentry;
DROP FUNCTION accounts_audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_people_and_settings")]

    operations = [
        migrations.RunSQL(TABLES, GONE),
        # Unmanaged: what follows tells Django of the columns and touches no table.
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("action", models.CharField(max_length=80)),
                ("subject_type", models.CharField(max_length=60)),
                ("subject_id", models.CharField(max_length=60)),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("detail_digest", models.CharField(max_length=64)),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "accounts_auditentry",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(
                        default=1, primary_key=True, serialize=False
                    ),
                ),
                ("entries", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("mac", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "accounts_audithead",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="AuditDetail",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="detail",
                        serialize=False,
                        to="accounts.auditentry",
                    ),
                ),
                ("person_id", models.BigIntegerField(null=True)),
                ("salt", models.CharField(max_length=32)),
                ("data", models.JSONField()),
            ],
            options={
                "db_table": "accounts_auditdetail",
                "managed": False,
            },
        ),
    ]
