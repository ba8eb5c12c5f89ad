"""Gives the audit log away, where the cluster has the door for it (docs/audit.md)."""

from django.db import migrations

# Lists by date; made now, because the tables are out of our hands afterwards.
INDEX = "CREATE INDEX accounts_audit_at ON accounts_auditentry (at, number);"

# A cluster of another kind has no such function: the triggers remain. The name stands in
# a string, because plpgsql would otherwise look it up.
GUARD = """
DO $$ BEGIN
  IF to_regprocedure('public.keepwell_audit_protect()') IS NOT NULL THEN
    EXECUTE 'SELECT public.keepwell_audit_protect()';
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_audit_log")]

    operations = [
        migrations.RunSQL(INDEX, "DROP INDEX accounts_audit_at;"),
        migrations.RunSQL(GUARD, migrations.RunSQL.noop),
    ]
