from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0006_themes_worked'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='response',
            name='surveys_response_waiting',
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(condition=models.Q(models.Q(('reply_due_at__isnull', False), models.Q(models.Q(('comment', ''), _negated=True), models.Q(models.Q(('kind', 'nps'), ('score__lt', 9)), models.Q(('kind', 'csat'), ('score__lt', 4)), models.Q(('kind', 'ces'), ('score__lt', 6)), _connector='OR')), _connector='OR'), ('counted', True), ('no_reply', False), ('replied_at__isnull', True), ('resolved_at__isnull', True)), fields=['-responded_at', '-id'], name='surveys_response_waits'),
        ),
    ]
