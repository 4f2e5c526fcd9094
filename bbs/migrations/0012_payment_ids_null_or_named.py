from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import NullIf


IDS = ("checkout_session_id", "payment_intent_id", "charge_id")


def forget_empty_ids(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let an id that is not known be NULL: this site writes no empty one, but an import may have.

    In one statement: of rows that were updated twice PostgreSQL still has keys to check, and alters no such table.
    """
    payments = apps.get_model("bbs", "Payment")._default_manager.using(schema_editor.connection.alias)
    empty = models.Q(*((name, "") for name in IDS), _connector=models.Q.OR)
    payments.filter(empty).update(**{name: NullIf(name, models.Value("")) for name in IDS})


class Migration(migrations.Migration):

    dependencies = [
        ('bbs', '0011_topic_indexes_in_any_django'),
    ]

    operations = [
        migrations.RunPython(forget_empty_ids, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checkout_session_id', ''), _negated=True), models.Q(('payment_intent_id', ''), _negated=True), models.Q(('charge_id', ''), _negated=True)), name='payment_ids_null_or_named'),
        ),
    ]
