from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stripe_sandbox', '0005_clock'),
    ]

    operations = [
        migrations.AddField(
            model_name='loggedrequest',
            name='version',
            field=models.CharField(default='', max_length=100),
        ),
    ]
