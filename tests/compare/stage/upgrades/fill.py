"""Make and fill the databases of that time: `python -m tests.compare.stage.upgrades.fill`, with its settings."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import django
from django.core.management import call_command

PAYMENT = UUID("7d0a4a4e-6f4e-4b7e-9a57-3d0b5a0e9a01")
VISITOR = UUID("7d0a4a4e-6f4e-4b7e-9a57-3d0b5a0e9a02")
AT = datetime(2026, 11, 26, 3, 4, 5, tzinfo=UTC)


def models(alias: str) -> object:
    """Return the models as the migrations of that time left them."""
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    return MigrationLoader(connections[alias]).project_state().apps


def fill_the_board() -> None:
    """Write a payment with its messages, and two people who were granted permissions on messages."""
    from django.contrib.auth.models import Group, Permission, User

    apps = models("default")
    product = apps.get_model("bbs", "Product").objects.create(
        slug="t-shirt", name_ja="Tシャツ", name_en="T-shirt", currency="jpy", unit_amount=2000
    )
    payment = apps.get_model("bbs", "Payment").objects.create(
        reference=PAYMENT,
        flow="modern",
        status="paid",
        visitor=VISITOR,
        language="ja",
        origin="http://localhost",
        product=product,
        product_name="Tシャツ",
        quantity=1,
        unit_amount=2000,
        amount=2000,
        currency="jpy",
        charge_id="ch_1",
        paid_at=AT,
    )
    apps.get_model("bbs", "Topic").objects.create(payment=payment)
    apps.get_model("bbs", "WireMessage").objects.bulk_create(
        apps.get_model("bbs", "WireMessage")(
            payment=payment,
            kind="call",
            started_at=AT,
            milliseconds=1.5,
            method="POST",
            address=f"/v1/charges/{number}",
            parameters={"amount": "2000"},
            status=200,
            answer={"id": "ch_1", "名前": "•••"},
        )
        for number in range(3)
    )
    readers = Group.objects.create(name="readers")
    readers.permissions.add(Permission.objects.get(codename="view_wiremessage"))
    User.objects.create_user("hanako", password=None).groups.add(readers)
    User.objects.create_user("mike", password=None).user_permissions.add(
        Permission.objects.get(codename="delete_wiremessage")
    )


def fill_the_sandbox() -> None:
    """Write a charge, and what Stripe does later about it."""
    apps = models("stripe_sandbox")
    charge = {"id": "ch_1", "object": "charge", "amount": 2000, "captured": False, "refunded": False}
    stored = apps.get_model("stripe_sandbox", "Stored").objects.using("stripe_sandbox")
    stored.create(sid="ch_1", kind="charge", created=int(AT.timestamp()), body=charge)
    tasks = apps.get_model("stripe_sandbox", "Task").objects.using("stripe_sandbox")
    tasks.create(name="authorization_expires", subject="ch_1", due=AT.timestamp())


if __name__ == "__main__":
    django.setup()
    for database in ("default", "stripe_sandbox"):
        call_command("migrate", database=database, verbosity=0)
    fill_the_board()
    fill_the_sandbox()
