"""A published version of a scorecard never changes and is never deleted.

Every score names the version that made it; were the version another by then, no score
could be explained any more. So the database refuses, whoever asks. Emptying all tables
(TRUNCATE) is left to whoever owns them.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION health_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'A published version of a scorecard cannot be deleted.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (OLD.config, OLD.number, OLD.published_at, OLD.scorecard_id)
     IS DISTINCT FROM (NEW.config, NEW.number, NEW.published_at, NEW.scorecard_id) THEN
    RAISE EXCEPTION 'A published version of a scorecard cannot be changed.'
      USING ERRCODE = 'insufficient_privilege',
            HINT = 'Publish another version.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER health_scorecardversion_stays BEFORE UPDATE OR DELETE
  ON health_scorecardversion FOR EACH ROW WHEN (OLD.published_at IS NOT NULL)
  EXECUTE FUNCTION health_published_stays();
"""
AGAIN = """
DROP TRIGGER health_scorecardversion_stays ON health_scorecardversion;
DROP FUNCTION health_published_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("health", "0005_swapped_in")]

    operations = [migrations.RunSQL(REFUSE, AGAIN)]
