"""What a version of the forecasts has learnt never changes, and is never deleted.

Chances and values name the version they come from; were it another by then, nobody could
tell any more how good it was. Which one is in use may change. Emptying all tables
(TRUNCATE) is left to whoever owns them.
"""

from django.db import migrations

LEARNT = ("number", "training_id", "as_of", "method", "reason", "content", "summary",
          "verdict", "created_at")  # fmt: skip
REFUSE = f"""
CREATE FUNCTION health_forecast_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'A version of the forecasts cannot be deleted.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF ({", ".join(f"OLD.{name}" for name in LEARNT)})
     IS DISTINCT FROM ({", ".join(f"NEW.{name}" for name in LEARNT)}) THEN
    RAISE EXCEPTION 'What a version of the forecasts has learnt cannot be changed.'
      USING ERRCODE = 'insufficient_privilege',
            HINT = 'Let the forecasts learn again.';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER health_forecastversion_stays BEFORE UPDATE OR DELETE
  ON health_forecastversion FOR EACH ROW EXECUTE FUNCTION health_forecast_stays();
"""
AGAIN = """
DROP TRIGGER health_forecastversion_stays ON health_forecastversion;
DROP FUNCTION health_forecast_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("health", "0009_forecast_check")]

    operations = [migrations.RunSQL(REFUSE, AGAIN)]
