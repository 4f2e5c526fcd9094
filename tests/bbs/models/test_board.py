"""Topics: page after page, and none that is hidden."""

from __future__ import annotations

import uuid
from itertools import chain

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bbs.models import Page, Payment, Product, Topic

pytestmark = pytest.mark.django_db(databases="__all__")


def test_pages_hold_twenty_topics_and_lead_to_the_older_ones(client: Client) -> None:
    Topic.objects.bulk_create(Topic(comment=str(n)) for n in range(45))

    seen, address = [], "/"
    while address:
        page = client.get(address).context["page"]
        seen.append([topic.comment for topic in page.topics])
        address = f"/?before={page.older}" if page.older else None

    assert [len(comments) for comments in seen] == [20, 20, 5]
    assert list(chain.from_iterable(seen)) == [str(n) for n in reversed(range(45))]


def test_hidden_topics_are_not_shown(client: Client) -> None:
    Topic.objects.create(comment="hidden", hidden=True)

    assert client.get("/").context["page"].topics == []


@pytest.mark.sqlite
def test_a_post_and_a_product_are_read_as_they_were_written(products: dict[str, Product]) -> None:
    marks = (
        "".join(map(chr, [*range(1, 128), 0x85, 0xFFFF, 0x2028, 0xFEFF, 0x1F468, 0x200D, 0x10FFFF])) + "\\u0041 ]}[{"
    )
    shirt = products["t-shirt"]
    shirt.description_ja, shirt.unit_amount, shirt.position = marks, 2**31 - 1, 0
    shirt.save()
    Topic.objects.all().delete()
    topic = Topic.objects.create(pk=2**62, comment=marks)

    page = Page.read(20)

    (read,) = page.topics
    assert (read.pk, read.comment, read.created_at) == (topic.pk, marks, topic.created_at)
    assert (read.product_name_ja, read.product_name_en) == (None, None)
    found = {product.slug: product for product in page.products}["t-shirt"]
    names = [field.attname for field in Product._meta.concrete_fields]
    assert [getattr(found, name) for name in names] == [getattr(shirt, name) for name in names]


def bought(product: Product, count: int) -> None:
    """Thank for so many payments."""
    fields = {
        "flow": "modern", "visitor": uuid.uuid4(), "language": "en", "product": product, "product_name": product.name,
        "quantity": 1, "unit_amount": product.unit_amount, "amount": product.unit_amount, "currency": product.currency,
    }  # fmt: skip
    payments = Payment.objects.bulk_create(Payment(**fields) for _ in range(count))
    Topic.objects.bulk_create(Topic(payment=payment) for payment in payments)


def test_purchases_that_follow_one_another_are_one_entry_and_every_post_stays_on_its_page(
    client: Client, products: dict[str, Product]
) -> None:
    Topic.objects.all().delete()
    for number in range(25):
        Topic.objects.create(comment=str(number))
        bought(products["t-shirt"], {0: 2, 3: 1, 23: 30, 24: 4}.get(number, 0))

    page = client.get("/").context["page"]
    text = client.get("/").content.decode()

    shown = [topic.comment or (topic.bought, topic.more, topic.has_more) for topic in page.topics]
    posts = [str(number) for number in reversed(range(5, 23))]
    assert shown == [("T-shirt", 3, False), "24", ("T-shirt", 16, True), "23", *posts]
    assert "More orders: 3<" in text
    assert "More orders: at least 16<" in text
    last = client.get(f"/?before={page.older}").context["page"]
    shown = [topic.comment or (topic.bought, topic.more, topic.has_more) for topic in last.topics]
    assert (shown, last.older) == (["4", ("T-shirt", 0, False), "3", "2", "1", ("T-shirt", 1, False), "0"], None)


def test_a_second_thank_you_for_a_payment_is_refused_by_the_database(payment: Payment) -> None:
    Topic.objects.create(payment=payment)

    with pytest.raises(IntegrityError), transaction.atomic():
        Topic.objects.create(payment=payment)


def test_the_same_text_from_the_same_form_is_the_same_post_and_from_another_it_is_not() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()

    assert Topic.submission_of(one, "x") == Topic.submission_of(one, "x")
    assert len({Topic.submission_of(form, text) for form in (one, other) for text in ("x", "y")}) == 4


@pytest.mark.parametrize(
    ("comment", "may_scroll"), [("hello", False), ("x" * 300, False), ("x" * 400, True), ("\n" * 9, True)]
)
def test_a_long_comment_may_have_to_be_scrolled(comment: str, may_scroll: bool) -> None:
    assert Topic(comment=comment).may_scroll is may_scroll
