"""Time to resolve is measured against the target of the priority, no longer in hours.

Versions from before speak of hours: divided by the 96 hours of a medium priority, their
anchors mean what they meant. No score names one of them any more, for 0003 emptied the
scores; so this may change what otherwise never changes. Only versions of that time have
no groups.
"""

from django.db import migrations

CONVERT = """
ALTER TABLE health_scorecardversion DISABLE TRIGGER health_scorecardversion_stays;
UPDATE health_scorecardversion SET config = jsonb_set(config, '{measures}', (
    SELECT jsonb_agg(
        CASE line ->> 'key' WHEN 'resolution'
        THEN jsonb_set(line, '{anchors}', (
            SELECT jsonb_agg(round(hours::numeric / 96, 3) ORDER BY place)
            FROM jsonb_array_elements_text(line -> 'anchors')
                 WITH ORDINALITY AS anchor (hours, place)))
        ELSE line END ORDER BY number)
    FROM jsonb_array_elements(config -> 'measures')
         WITH ORDINALITY AS lines (line, number)))
WHERE config -> 'measures' @> '[{"key": "resolution"}]' AND NOT config ? 'groups';
ALTER TABLE health_scorecardversion ENABLE TRIGGER health_scorecardversion_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("health", "0006_published_stays")]

    operations = [migrations.RunSQL(CONVERT, migrations.RunSQL.noop)]
