"""Who sees the state of the migration, and what it says."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from bbs.models import Payment, Product

STATUS = "/compare/migrate/status/"


def paid(flow: str, product: Product, count: int) -> None:
    for _ in range(count):
        Payment.objects.create(
            flow=flow, visitor=uuid.uuid4(), language="en", origin="http://localhost", product=product,
            product_name=product.name, quantity=1, unit_amount=2000, amount=2000, currency="jpy",
            status="paid", paid_at=timezone.now(), charge_id=f"ch_{uuid.uuid4()}",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "sentence", "yes"),
    [
        ("en", "Finished modern orders that are still needed to judge: 30.", "100 % of the finished modern orders"),
        ("ja", "判断にはあと 30 件", "modern フローで終わった注文の 100 % が支払われ"),
    ],
)
def test_with_the_sandbox_it_is_open_and_answers_the_question(
    client: Client, products: dict[str, Product], language: str, sentence: str, yes: str
) -> None:
    before = client.get(STATUS, headers={"Accept-Language": language}).text
    paid("modern", products["t-shirt"], 30)
    after = client.get(STATUS, headers={"Accept-Language": language})

    assert sentence in before
    assert yes in after.text
    assert ">30</text>" in after.text
    assert after["Cache-Control"].startswith("max-age=0")


def test_it_asks_the_database_a_few_times_however_many_orders_there_are(
    client: Client, products: dict[str, Product], django_assert_max_num_queries
) -> None:
    paid("modern", products["t-shirt"], 12)

    with django_assert_max_num_queries(5):
        client.get(STATUS)


def test_with_keys_it_is_for_staff_who_may_see_payments(client: Client, settings, django_user_model) -> None:
    settings.STRIPE_SANDBOX_ENABLED = False
    helper = django_user_model.objects.create_user("helper", is_staff=True)

    assert "/admin/login/" in client.get(STATUS).url
    client.force_login(helper)
    assert client.get(STATUS).status_code == 403
    helper.user_permissions.add(Permission.objects.get(codename="view_payment"))
    assert client.get(STATUS).status_code == 200
    assert client.post(STATUS).status_code == 405


@pytest.mark.parametrize(
    ("flow", "language", "sentence"),
    [
        ("legacy", "en", "PAYMENT_FLOW_ROLLOUT moves 10 % of visitors"),
        ("legacy", "ja", "PAYMENT_FLOW_ROLLOUT で移すお客様は 10 % です"),
        ("modern", "en", "every visitor gets the modern flow, and PAYMENT_FLOW_ROLLOUT does not count"),
        ("modern", "ja", "すべてのお客様が modern フローになり"),
    ],
)
def test_the_percentage_is_named_only_where_it_counts(
    client: Client, products: dict[str, Product], settings, flow: str, language: str, sentence: str
) -> None:
    settings.PAYMENT_FLOW, settings.PAYMENT_FLOW_ROLLOUT = flow, 10

    assert sentence in client.get(STATUS, headers={"Accept-Language": language}).text
