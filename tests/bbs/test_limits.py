"""How much one visitor, one address and one order may do: exactly as much as the settings say, and never at a cost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
import stripe
import time_machine
from django.test import Client
from django.utils import timezone

from bbs.limits import delete_expired
from bbs.models import HistoryEntry, Payment, RecentCount, Topic
from bbs.payments.order import Order
from tests.stage.people import DECLINED, VISA, Visitor
from tests.stage.stories import pay_on_stripes_page_alone, post_comment, run
from tests.stage.transports import Noting

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

CROWD = 40
NOON = "2026-11-26 12:00+09:00"


def statuses(send: Callable[[int], requests.Response]) -> list[int]:
    """Send so many requests at once; return how they were answered, in order."""
    with ThreadPoolExecutor(CROWD) as threads:
        return sorted(answer.status_code for answer in threads.map(send, range(CROWD)))


def posted_by(cookies: dict[str, str], url: str) -> Callable[[int], requests.Response]:
    def send(number: int) -> requests.Response:
        form = {"comment": f"{number}", "form_id": str(uuid.uuid4()), "csrfmiddlewaretoken": cookies["csrftoken"]}
        return requests.post(url, form, cookies=cookies, allow_redirects=False, timeout=60)

    return send


def buy(client: Client, **headers: str):
    """Order as a script does."""
    return client.post("/create-checkout-session/", {}, headers={"Accept": "application/json", **headers})


def test_of_forty_comments_at_once_a_limit_of_ten_lets_ten_pass(mike: Visitor) -> None:
    before = Topic.objects.count()
    mike.get("/")

    assert statuses(posted_by(mike.cookies, f"{mike.url}/")) == [302] * 10 + [429] * 30

    assert Topic.objects.count() - before == 10


def test_without_a_cookie_forty_comments_at_once_count_by_their_address(mike: Visitor, settings) -> None:
    settings.BOARD_POSTS_PER_MINUTE = 1
    before = Topic.objects.count()
    mike.get("/")
    newcomer = {"csrftoken": mike.cookies["csrftoken"]}

    assert statuses(posted_by(newcomer, f"{mike.url}/")) == [302] * 10 + [429] * 30

    assert Topic.objects.count() - before == 10


def test_of_forty_orders_at_once_a_limit_of_ten_lets_ten_pass_and_no_other_reaches_stripe(
    mike: Visitor, settings
) -> None:
    settings.ORDERS_PER_MINUTE = 10
    mike.get("/")
    form = {"csrfmiddlewaretoken": mike.cookies["csrftoken"]}

    def send(_number: int) -> requests.Response:
        address, headers = f"{mike.url}/create-checkout-session/", {"Accept": "application/json"}
        return requests.post(address, form, cookies=mike.cookies, headers=headers, timeout=60)

    assert statuses(send) == [200] * 10 + [429] * 30

    assert Payment.objects.count() == 10
    assert len(stripe.checkout.Session.list(limit=100).data) == 10


@pytest.mark.parametrize("cards", [DECLINED, VISA])
def test_of_many_cards_at_once_no_more_are_tried_for_one_order_than_may_be(mike: Visitor, settings, cards: str) -> None:
    settings.CARD_ATTEMPTS_PER_ORDER = 3
    mike.switch_flow("legacy")
    order = mike.see_order()
    forms = [{"order": order, **mike.enter_card(cards)} for _ in range(8)]

    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(lambda form: mike.post("/checkout/", form, allow_redirects=False).status_code, forms)

    assert set(answers) <= {303, 429}
    assert len(stripe.Charge.list().data) <= 3
    assert HistoryEntry.objects.filter(kind="token").count() <= 3
    assert Payment.objects.get().status == ("paid" if cards == VISA else "failed")


def test_a_minute_begins_with_the_first_time_and_the_answer_says_when_it_ends(client: Client, settings) -> None:
    settings.BOARD_POSTS_PER_MINUTE = 2

    with time_machine.travel(NOON, tick=False) as clock:
        assert post_comment(client, "one").status_code == 302
        clock.shift(20)
        assert post_comment(client, "two").status_code == 302
        for _ in range(3):
            assert post_comment(client, "three")["Retry-After"] == "40"
        clock.shift(39.5)
        assert post_comment(client, "three")["Retry-After"] == "1"
        clock.shift(0.5)
        assert post_comment(client, "three").status_code == 302
        assert post_comment(client, "four").status_code == 302
        assert post_comment(client, "five")["Retry-After"] == "60"


def test_an_address_may_do_ten_times_as_much_as_a_visitor(products, settings) -> None:
    settings.ORDERS_PER_MINUTE = 1
    visitors = [Client() for _ in range(11)]

    assert [buy(visitor).status_code for visitor in visitors] == [200] * 10 + [429]
    assert buy(Client(REMOTE_ADDR="192.0.2.1")).status_code == 200


def test_a_new_cookie_for_each_request_does_not_help(settings) -> None:
    settings.BOARD_POSTS_PER_MINUTE = 1
    network = [f"2001:db8:1:2::{number:x}" for number in range(11)]

    answers = [post_comment(Client(REMOTE_ADDR=address), address).status_code for address in network]

    assert answers == [302] * 10 + [429]


def test_behind_a_proxy_that_names_ports_a_flood_is_one_visitors(settings) -> None:
    settings.BOARD_POSTS_PER_MINUTE, settings.TRUSTED_PROXIES = 1, 1
    said = [f"203.0.113.{number}, 192.0.2.1:{50000 + number}" for number in range(11)]

    answers = [post_comment(Client(headers={"X-Forwarded-For": each}), each).status_code for each in said]

    assert answers == [302] * 10 + [429]


def test_what_is_refused_is_not_counted_and_has_no_number_in_the_shop(client: Client, products, settings) -> None:
    settings.ORDERS_PER_MINUTE = 1
    assert buy(client).status_code == 200
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Noting"
    Noting.calls.clear()

    for _ in range(30):
        assert buy(client).status_code == 429

    assert Noting.calls == []
    assert (Payment.objects.count(), HistoryEntry.objects.filter(kind="opened").count()) == (1, 1)
    assert sorted(RecentCount.objects.values_list("count", flat=True)) == [1, 1]


def test_an_order_of_which_stripe_made_nothing_counts_too(client: Client, products, settings) -> None:
    settings.ORDERS_PER_MINUTE, settings.STRIPE_HTTP_CLIENT = 2, "tests.stage.transports.InternalError"

    assert [buy(client).status_code for _ in range(3)] == [502, 502, 429]


@pytest.mark.parametrize("name", ["BOARD_POSTS_PER_MINUTE", "ORDERS_PER_MINUTE"])
def test_nought_switches_a_limit_off(client: Client, products, settings, name: str) -> None:
    settings.BOARD_POSTS_PER_MINUTE = settings.ORDERS_PER_MINUTE = 1
    setattr(settings, name, 0)

    posts = {post_comment(client, f"{number}").status_code for number in range(4)}
    orders = {buy(client).status_code for _ in range(4)}

    assert (posts, orders) == (({302}, {200, 429}) if name.startswith("BOARD") else ({302, 429}, {200}))


def test_a_script_gets_json(client: Client, products, settings) -> None:
    settings.ORDERS_PER_MINUTE = 1
    buy(client)

    answer = buy(client)

    assert (answer.status_code, answer["Content-Type"]) == (429, "application/json")
    assert answer["Retry-After"] in answer.json()["error"]["message"]


def test_a_refused_order_is_kept_and_can_be_sent_again_as_it_is(mike: Visitor, settings) -> None:
    settings.ORDERS_PER_MINUTE = 1
    mike.switch_flow("legacy")
    mike.post("/checkout/", {"order": mike.see_order(), **mike.enter_card(VISA)})
    form = {"order": mike.see_order(), **mike.enter_card(VISA)}

    refused = mike.post("/checkout/", form)

    assert refused.status_code == 429
    assert "Too many orders" in refused.text
    assert "Nothing was charged, and your order is saved." in refused.text
    assert "Continue to pay ¥2,000" in refused.text
    assert form["stripeToken"] in refused.text
    RecentCount.objects.update(expires_at=timezone.now())
    assert "Paid ¥2,000" in mike.post("/checkout/", form).text


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_an_order_whose_money_may_have_moved_is_never_refused(mike: Visitor, webhooks, settings, flow: str) -> None:
    settings.ORDERS_PER_MINUTE, settings.CARD_ATTEMPTS_PER_ORDER = 1, 1
    mike.switch_flow(flow)
    form = {"order": mike.see_order()} | (mike.enter_card(VISA) if flow == "legacy" else {})
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.AnswerLost"
    assert mike.post("/checkout/", form).status_code == 503
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Impatient"
    payment = Payment.objects.get()
    assert mike.post("/checkout/", {"order": mike.see_order(), **mike.enter_card(VISA)}).status_code == 429

    page = mike.post("/checkout/", form)
    if flow == "modern":
        page = mike.pay_on_stripes_page(page, VISA)
        assert mike.post("/checkout/", form).status_code == 200

    assert "Paid ¥2,000" in page.text
    assert mike.get(f"/canceled/?payment={payment.pk}").status_code == 200
    assert webhooks(times=2)
    assert Payment.objects.get().status == "paid"


def test_coming_back_at_the_limit_shows_the_receipt(mike: Visitor, settings) -> None:
    path, _form = pay_on_stripes_page_alone(mike)
    settings.ORDERS_PER_MINUTE = 1
    assert mike.post("/checkout/", {"order": mike.see_order()}).status_code == 429

    assert "Paid ¥2,000" in mike.get(path).text


def test_after_five_cards_an_order_takes_no_other_and_leads_to_a_new_one(mike: Visitor, settings) -> None:
    mike.switch_flow("legacy")
    order = mike.see_order()
    forms = [{"order": order, **mike.enter_card(DECLINED)} for _ in range(5)]
    assert [mike.post("/checkout/", form).status_code for form in forms] == [200] * 5

    refused = mike.post("/checkout/", {"order": order, **mike.enter_card(VISA)})

    assert refused.status_code == 429
    assert "Retry-After" not in refused.headers
    assert "5 cards were tried for this order" in refused.text
    assert 'href="/?product=t-shirt&amp;quantity=1#shop"' in refused.text
    assert len(stripe.Charge.list().data) == 5
    assert (Payment.objects.get().status, Payment.objects.get().token) == ("failed", forms[-1]["stripeToken"])


def test_a_declined_form_sent_again_is_no_further_card(mike: Visitor, settings) -> None:
    settings.CARD_ATTEMPTS_PER_ORDER = 2
    mike.switch_flow("legacy")
    order = mike.see_order()
    forms = [{"order": order, **mike.enter_card(DECLINED)} for _ in range(2)]
    for form in forms:
        mike.post("/checkout/", form)

    pages = [mike.post("/checkout/", form) for form in forms * 2]

    assert {page.status_code for page in pages} == {200}
    assert all("Not paid: nothing was charged" in page.text for page in pages)
    assert len(stripe.Charge.list().data) == 2
    assert HistoryEntry.objects.filter(kind="token").count() == 2


def test_nought_lets_an_order_try_any_number_of_cards(mike: Visitor, settings) -> None:
    settings.CARD_ATTEMPTS_PER_ORDER = 0
    mike.switch_flow("legacy")
    order = mike.see_order()

    for _ in range(7):
        assert mike.post("/checkout/", {"order": order, **mike.enter_card(DECLINED)}).status_code == 200

    assert "Paid ¥2,000" in mike.post("/checkout/", {"order": order, **mike.enter_card(VISA)}).text


def test_a_count_names_nobody_and_is_kept_for_a_minute(client: Client, products) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        buy(client)
        post_comment(client, "hello")
        written = {str(value) for row in RecentCount.objects.values_list() for value in row}
        visitor = Payment.objects.get().visitor
        assert len(written) == 6
        assert not any(part in each for each in written for part in ("127.0.0.1", str(visitor), visitor.hex))

        clock.shift(60)
        post_comment(Client(REMOTE_ADDR="192.0.2.1"), "somebody else")
        assert RecentCount.objects.count() == 2

        clock.shift(60)
        run("reconcile_payments")
        assert not RecentCount.objects.exists()


def test_no_count_is_deleted_before_its_minute_is_over(client: Client) -> None:
    post_comment(client, "hello")

    delete_expired(timezone.now())
    assert RecentCount.objects.count() == 2
    delete_expired(timezone.now() + timedelta(minutes=1), most=1)
    assert RecentCount.objects.count() == 1


@pytest.mark.parametrize(("proxies", "is_hinted"), [(0, True), (1, False)])
def test_a_refusal_is_logged_with_its_setting_and_no_person(
    client: Client, settings, caplog, proxies: int, is_hinted: bool
) -> None:
    settings.BOARD_POSTS_PER_MINUTE, settings.TRUSTED_PROXIES = 1, proxies
    for _ in range(2):
        response = post_comment(client, "hello", headers={"X-Forwarded-For": "192.0.2.1"})

    (line,) = [record.getMessage() for record in caplog.records if record.name == "bbs.problems"]
    assert response.status_code == 429
    assert line.startswith("Too Many Requests (BOARD_POSTS_PER_MINUTE")
    assert ("DJANGO_TRUSTED_PROXIES" in line) is is_hinted
    assert "192.0.2.1" not in line


def test_a_form_of_an_order_that_was_opened_is_not_counted_again(client: Client, products, settings) -> None:
    settings.ORDERS_PER_MINUTE = 1
    order = Order(products["t-shirt"], 1, "modern", 2000, "jpy")

    answers = [client.post("/checkout/", {"order": order.signed}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [303] * 3
    assert len({answer["Location"] for answer in answers}) == 1
