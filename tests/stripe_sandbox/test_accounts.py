"""Accounts: made on first use of a key, kept apart, and dropped when there are too many."""

from __future__ import annotations

import threading

import pytest
import stripe
from django.db import connections

from stripe_sandbox import accounts, conf
from stripe_sandbox.database.rows import Row
from stripe_sandbox.models import Account, StripeObject, Task
from stripe_sandbox.transport import InProcessClient
from tests.stripe_sandbox.stage.calls import CHARGE, OTHER, OTHER_PUBLISHABLE, SECRET, call

pytestmark = pytest.mark.django_db(databases="__all__")
TAIL = OTHER.removeprefix("sk_test_")


def client_of(key: str) -> stripe.StripeClient:
    return stripe.StripeClient(key, http_client=InProcessClient())


def test_a_key_opens_the_same_account_each_time_and_another_key_another() -> None:
    first, again, another = (accounts.of_tail(tail) for tail in (TAIL, TAIL, TAIL[::-1]))

    assert (first.pk, first.sid, first.webhook_secret) == (again.pk, again.sid, again.webhook_secret)
    assert len({first.pk, another.pk, accounts.DEFAULT}) == 3
    assert len({first.sid, another.sid, conf.get("ACCOUNT_ID")}) == 3
    assert first.webhook_secret != another.webhook_secret


def test_the_default_account_is_what_the_settings_say() -> None:
    account = accounts.default()

    assert (account.pk, account.sid) == (accounts.DEFAULT, conf.get("ACCOUNT_ID"))
    assert account.webhook_secret == conf.get("WEBHOOK_SECRET")
    assert accounts.by_sid(conf.get("ACCOUNT_ID")) == accounts.by_id(accounts.DEFAULT) == accounts.current() == account


def test_an_account_is_found_by_its_id_and_one_that_is_not_there_is_none() -> None:
    account = accounts.of_tail(TAIL)

    assert accounts.by_sid(account.sid) == accounts.by_id(account.pk) == account
    assert (accounts.by_sid("acct_default_"), accounts.by_id(account.pk + 1)) == (None, None)


def test_the_file_holds_no_key_but_its_last_four_characters() -> None:
    call("POST", "/v1/charges", "amount=2000&currency=jpy&source=tok_visa", key=OTHER, User_Agent="curl")
    call("GET", "/v1/charges", key=OTHER_PUBLISHABLE)

    kept = str([list(table.everywhere.values()) for table in Row.__subclasses__()] + [list(Account.objects.values())])

    assert TAIL not in kept
    assert accounts.of_tail(TAIL).ending == TAIL[-4:]


def test_the_least_recently_used_goes_with_all_its_rows_and_the_default_one_never(monkeypatch) -> None:
    monkeypatch.setattr(accounts, "MOST", 2)
    keys = [f"sk_test_{number:024}" for number in range(3)]
    client_of(SECRET).v1.charges.create(params=CHARGE)
    for key in keys[:2]:
        client_of(key).v1.charges.create(params=CHARGE | {"source": "tok_createDispute"})
    first, second = Account.objects.exclude(pk=accounts.DEFAULT).order_by("pk")
    Account.objects.filter(pk=accounts.DEFAULT).update(used=1)
    Account.objects.filter(pk=first.pk).update(used=first.used - 61)
    Account.objects.filter(pk=second.pk).update(used=second.used - 120)
    client_of(keys[0]).v1.balance.retrieve()

    client_of(keys[2]).v1.charges.create(params=CHARGE)

    assert not any(table.everywhere.filter(account=second.pk).exists() for table in Row.__subclasses__())
    assert accounts.by_id(second.pk) is None
    assert [len(client_of(key).v1.charges.list().data) for key in (SECRET, *keys[:3:2])] == [1, 1, 1]
    assert client_of(keys[1]).v1.charges.list().data == []


def test_the_last_use_is_written_once_a_minute(django_assert_num_queries) -> None:
    account = accounts.of_tail(TAIL)

    with django_assert_num_queries(1, using=conf.DATABASE):
        accounts.of_tail(TAIL)
    Account.objects.filter(pk=account.pk).update(used=account.used - 61)
    with django_assert_num_queries(2, using=conf.DATABASE):
        accounts.of_tail(TAIL)

    assert Account.objects.get(pk=account.pk).used >= account.used


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_calls_that_come_at_once_make_one_account() -> None:
    found = []

    def use() -> None:
        found.append(accounts.of_tail(TAIL).pk)
        connections.close_all()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1
    assert accounts.DEFAULT not in found


def test_work_is_done_for_the_account_that_has_it_due_and_in_its_time() -> None:
    account = accounts.of_tail(TAIL)
    served = []

    def work() -> bool:
        served.append(accounts.current().pk)
        return True

    assert accounts.serve((10.0, account.pk), 10.0, work) is True
    assert accounts.serve((10.5, account.pk), 10.0, work) is False
    assert accounts.serve(None, 10.0, work) is False
    assert served == [account.pk]


def test_work_of_an_account_that_was_dropped_is_thrown_away() -> None:
    gone = accounts.of_tail(TAIL)
    Account.objects.filter(pk=gone.pk).delete()
    with accounts.acting_for(gone):
        Task(name="dispute", subject="ch_1", due=1.0).insert()

    assert accounts.serve((1.0, gone.pk), 2.0, lambda: pytest.fail("There is nothing to do.")) is True

    assert not Task.everywhere.exists()


def test_an_emptied_account_stays_and_the_others_keep_their_rows() -> None:
    for key in (SECRET, OTHER):
        client_of(key).v1.charges.create(params=CHARGE)
    before = accounts.of_tail(TAIL)

    accounts.empty(before.pk)

    assert client_of(OTHER).v1.charges.list().data == []
    assert accounts.of_tail(TAIL).webhook_secret == before.webhook_secret
    assert StripeObject.objects.filter(kind="charge").count() == 1
