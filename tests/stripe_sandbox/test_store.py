"""Objects are kept, found, and listed newest first."""

from __future__ import annotations

import re

import pytest
import stripe
from django.conf import settings

from stripe_sandbox import store
from stripe_sandbox.errors import ApiError
from stripe_sandbox.models import Note, StripeObject, Task
from stripe_sandbox.testing import fault
from tests.stripe_sandbox.stage.calls import call, session

pytestmark = pytest.mark.django_db(databases="__all__")


def add(*created: int) -> list[str]:
    return [store.add({"id": f"x_{n}", "object": "x", "created": at}).sid for n, at in enumerate(created)]


def listed(**params: object) -> tuple[list[str], bool]:
    page = store.listing("/v1/xs", "x", params)
    return [body["id"] for body in page["data"]], page["has_more"]


def test_of_one_second_the_one_stored_later_is_newer() -> None:
    first, second, third = add(5, 5, 4)

    assert listed() == ([second, first, third], False)
    assert listed(limit=1, starting_after=second) == ([first], True)
    assert listed(limit=1, ending_before=third) == ([first], True)


@pytest.mark.parametrize(
    ("bounds", "found"),
    [({"gt": 2}, [3]), ({"gte": 2}, [3, 2]), ({"lt": 2}, [1]), ({"lte": 2}, [2, 1]), ({"exact": 2}, [2])],
)
def test_a_list_may_be_bounded_in_time(bounds: dict[str, int], found: list[int]) -> None:
    add(1, 2, 3)

    page = store.listing("/v1/xs", "x", {"created": bounds})

    assert [body["created"] for body in page["data"]] == found


def test_two_cursors_at_once_are_refused() -> None:
    first, second = add(1, 2)

    with pytest.raises(ApiError, match="Received both starting_after and ending_before parameters"):
        listed(starting_after=first, ending_before=second)


def test_a_deleted_object_is_gone() -> None:
    (sid,) = add(1)
    StripeObject.objects.update(deleted=True)

    assert store.find("x", sid) is None
    assert listed() == ([], False)
    with pytest.raises(ApiError, match="No such x: 'x_0'") as caught:
        store.get("x", sid)
    assert caught.value.status == 404


def test_an_object_of_another_kind_is_another_object() -> None:
    (sid,) = add(1)

    assert store.find("y", sid) is None


def test_clearing_forgets_all_but_where_the_server_was_seen(api: stripe.StripeClient) -> None:
    api.v1.checkout.sessions.create(params=session())
    fault("500")
    Note.objects.update_or_create(name="visitor_origin", defaults={"value": "http://localhost:1"})

    store.clear()

    assert not StripeObject.objects.exists()
    assert not Task.objects.exists()
    assert Note.objects.filter(name="visitor_origin").exists()
    assert api.v1.charges.list().data == []


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/v1/customers", "name=Hanako"),
        ("/v1/products", "name=Mug"),
        ("/v1/webhook_endpoints", "url=https://shop.example/hook/&enabled_events[]=*"),
    ],
)
def test_a_page_goes_on_from_a_deleted_object(path: str, form: str) -> None:
    old, gone, new = (call("POST", path, form)[1]["id"] for _ in range(3))
    call("DELETE", f"{path}/{gone}")

    assert old in [row["id"] for row in call("GET", path, f"starting_after={gone}")[1]["data"]]
    later = [row["id"] for row in call("GET", path, f"ending_before={gone}")[1]["data"]]
    assert new in later
    assert not {old, gone} & set(later)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("payment_methods/pm_none", "PaymentMethod: 'pm_none'"),
        ("balance_transactions/txn_none", "balance transaction: 'txn_none'"),
        ("webhook_endpoints/we_none", "webhook endpoint: 'we_none'"),
        ("checkout/sessions/cs_none", "checkout.session: 'cs_none'"),
        ("payment_intents/pi_none", "payment_intent: 'pi_none'"),
    ],
)
def test_a_missing_object_is_named_as_stripe_names_its_kind(path: str, words: str) -> None:
    status, body, _ = call("GET", f"/v1/{path}")

    assert (status, body["error"]["message"]) == (404, f"No such {words}")


# What is by the real clock, with the reason.
REAL = {
    "accounts.py",  # which account was used last
    "clock/worker.py",  # when this machine's thread looks again
    "resources/advancing.py",  # by how much the account's clock is ahead
    "store.py",
    "testing.py",  # signatures, and when deliveries are posted
    "webhooks/backlog.py",  # when deliveries are due
    "webhooks/console.py",  # lines beside those of other programs
    "webhooks/deliveries.py",  # when this machine posts
    "webhooks/pool.py",
    "webhooks/posting.py",  # signatures, which stripe-python compares with its own clock
    "webhooks/standing.py",
}
ASKS = re.compile(r"time\.time\(|strftime\(|datetime\.now\(|\.today\(\)|timezone\.now|utcnow")


def test_all_else_is_by_the_accounts_clock() -> None:
    folder = settings.BASE_DIR / "stripe_sandbox"
    found = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if ASKS.search(path.read_text(encoding="utf-8").replace("store.today()", ""))
    }

    assert found == REAL
