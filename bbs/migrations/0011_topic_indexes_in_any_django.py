from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes whose conditions are the same SQL in every version of Django: see `bbs.models.board.VISIBLE`."""

    dependencies = [
        ('bbs', '0010_posts_and_thanks_indexes'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='topic',
            name='topic_posts_newest',
        ),
        migrations.RemoveIndex(
            model_name='topic',
            name='topic_thanks_newest',
        ),
        migrations.AddIndex(
            model_name='topic',
            index=models.Index(condition=models.Q(models.Q(('payment__isnull', False), _negated=True), ('hidden__in', [False])), fields=['-id'], name='topic_posts_newest'),
        ),
        migrations.AddIndex(
            model_name='topic',
            index=models.Index(condition=models.Q(('payment__isnull', False), ('hidden__in', [False])), fields=['-id'], name='topic_thanks_newest'),
        ),
    ]
