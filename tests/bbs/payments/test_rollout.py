from __future__ import annotations

import re
import uuid

import pytest
from django.test import Client, RequestFactory

from bbs.models import Payment, Product
from bbs.payments import rollout
from bbs.payments.order import Order
from tests.stage.people import VISA, Visitor, field

pytestmark = pytest.mark.django_db(databases="__all__")
transactional = pytest.mark.django_db(databases="__all__", transaction=True)
PEOPLE = [uuid.UUID(int=n) for n in range(10_000)]


@pytest.fixture(autouse=True)
def legacy_shop(settings) -> None:
    settings.PAYMENT_FLOW, settings.PAYMENT_FLOW_SWITCHER = "legacy", False


def look(client: Client) -> str:
    """Return the flow of the order form that a visitor gets on the board."""
    page = client.get("/").text
    flow = Order.from_signed(re.search(r'name="order" value="([^"]+)"', page)[1]).flow
    assert f'data-flow="{flow}"' in page
    return flow


def test_a_percentage_of_all_visitors_is_included_and_stays_while_it_grows(settings) -> None:
    included = {
        percentage: {person for person in PEOPLE if rollout.bucket(person) < percentage} for percentage in range(101)
    }

    assert len(included[0]) == 0
    assert len(included[100]) == len(PEOPLE)
    assert all(abs(len(included[n]) - n * 100) < 250 for n in (1, 10, 50, 90))
    assert all(included[n] <= included[n + 1] for n in range(100))


def test_the_same_visitor_is_in_the_same_bucket_on_every_machine_and_in_every_release() -> None:
    assert [rollout.bucket(person) for person in PEOPLE[:5]] == [60, 94, 46, 76, 93]


@pytest.mark.parametrize(
    ("default", "percentage", "flow"),
    [("legacy", 0, "legacy"), ("legacy", 100, "modern"), ("modern", 0, "modern"), ("modern", 100, "modern")],
)
def test_nobody_and_everybody_need_no_cookie(
    client: Client, settings, default: str, percentage: int, flow: str
) -> None:
    settings.PAYMENT_FLOW, settings.PAYMENT_FLOW_ROLLOUT = default, percentage

    assert client.get("/config/").json()["flow"] == flow
    assert "visitor" not in client.cookies


@pytest.mark.parametrize("percentage", [1, 50, 99])
def test_exactly_as_many_hundredths_are_included_as_the_setting_says(
    settings, monkeypatch: pytest.MonkeyPatch, rf: RequestFactory, percentage: int
) -> None:
    settings.PAYMENT_FLOW_ROLLOUT = percentage
    one_of_each = {rollout.bucket(person): person for person in PEOPLE}

    included = set()
    for number, person in one_of_each.items():
        monkeypatch.setattr(rollout, "ensure_visitor_id", lambda request, person=person: person)
        included |= {number} if rollout.includes(rf.get("/")) else set()

    assert included == set(range(percentage))


def test_a_visitor_keeps_the_flow_and_the_kept_page_is_that_of_their_flow(
    settings, products: dict[str, Product]
) -> None:
    settings.PAYMENT_FLOW_ROLLOUT = 50
    visitors = [Client() for _ in range(40)]

    first = [look(visitor) for visitor in visitors]

    assert {"legacy", "modern"} == set(first)
    assert [look(visitor) for visitor in visitors] == first
    assert [visitor.get("/config/").json()["flow"] for visitor in visitors] == first
    settings.PAYMENT_FLOW_ROLLOUT = 0
    assert {look(visitor) for visitor in visitors} == {"legacy"}
    settings.PAYMENT_FLOW_ROLLOUT = 50
    assert [look(visitor) for visitor in visitors] == first


def test_showing_the_board_to_a_percentage_writes_nothing(
    settings, products: dict[str, Product], django_assert_num_queries
) -> None:
    look(Client())
    settings.PAYMENT_FLOW_ROLLOUT = 50

    with django_assert_num_queries(1):
        Client().get("/")


def test_a_forged_identity_chooses_no_flow(settings, client: Client) -> None:
    settings.PAYMENT_FLOW_ROLLOUT = 50
    included = next(person for person in PEOPLE if rollout.bucket(person) == 0)

    client.cookies["visitor"] = f"{included.hex}:1abc:forged"
    client.get("/config/")

    assert not client.cookies["visitor"].value.startswith(included.hex)


@transactional
@pytest.mark.parametrize(("first", "then"), [("legacy", "modern"), ("modern", "legacy")])
def test_an_order_finishes_in_the_flow_in_which_it_began(mike: Visitor, settings, first: str, then: str) -> None:
    percentage = {"legacy": 0, "modern": 100}
    settings.PAYMENT_FLOW_ROLLOUT = percentage[first]
    form = {"order": mike.see_order()} | (mike.enter_card(VISA) if first == "legacy" else {})
    settings.PAYMENT_FLOW_ROLLOUT = percentage[then]

    page = mike.post("/checkout/", form)
    if first == "modern":
        page = mike.pay_on_stripes_page(page, VISA)

    assert "Paid ¥2,000" in page.text
    payment = Payment.objects.get()
    assert (payment.flow, payment.status) == (first, "paid")
    assert field(mike.get("/"), "order")
