# What the sandbox stores is called what Stripe's libraries call it.
from django.db import migrations

NAMES = ("newest", "customer", "payment_intent", "parent", "tag", "email", "events")


class Migration(migrations.Migration):
    dependencies = [("stripe_sandbox", "0007_backlog")]

    operations = [
        migrations.RenameModel(old_name="Stored", new_name="StripeObject"),
        *(migrations.RenameIndex("StripeObject", f"object_{name}", f"stored_{name}") for name in NAMES),
    ]
