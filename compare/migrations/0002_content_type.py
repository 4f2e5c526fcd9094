"""The content type of recorded messages changes its app with them, so that granted permissions stay granted."""

from django.db import migrations
from django.db.migrations.recorder import MigrationRecorder

MODEL = "wiremessage"
BEFORE = ("bbs", "0002_wiremessage")


def move_content_type(apps, schema_editor, source, target):
    """Give the content type another app; where that has one already, hand the permissions over to it."""
    alias = schema_editor.connection.alias
    content_types = apps.get_model("contenttypes", "ContentType").objects.using(alias).filter(model=MODEL)
    old, new = content_types.filter(app_label=source).first(), content_types.filter(app_label=target).first()
    if old and not new:
        old.app_label = target
        old.save(using=alias, update_fields=["app_label"])
    elif old:
        permissions = apps.get_model("auth", "Permission").objects.using(alias)
        for granted in permissions.filter(content_type=old):
            twin, _ = permissions.get_or_create(
                content_type=new, codename=granted.codename, defaults={"name": granted.name}
            )
            twin.group_set.add(*granted.group_set.all())
            twin.user_set.add(*granted.user_set.all())
        old.delete()


def from_the_shop(apps, schema_editor):
    move_content_type(apps, schema_editor, "bbs", "compare")


def back_to_the_shop(apps, schema_editor):
    if BEFORE in MigrationRecorder(schema_editor.connection).applied_migrations():
        move_content_type(apps, schema_editor, "compare", "bbs")


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("compare", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(from_the_shop, back_to_the_shop)]
