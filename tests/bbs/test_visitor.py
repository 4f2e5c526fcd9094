"""Who is asking: a browser remembered in a signed cookie, and a hash of an address."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client, RequestFactory

from bbs.visitor import COOKIE, author_of, ensure_visitor_id, visitor_id

HERE = "192.0.2.1"
OTHER = uuid.UUID("0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f")


def test_a_browser_is_nobody_until_it_has_seen_an_order_form() -> None:
    assert visitor_id(RequestFactory().get("/")) is None


def test_within_one_request_a_new_browser_is_the_same_one() -> None:
    request = RequestFactory().get("/")

    assert ensure_visitor_id(request) == ensure_visitor_id(request) == request.new_visitor


@pytest.mark.django_db(databases="__all__")
def test_a_browser_is_remembered_in_a_cookie_that_scripts_cannot_read(client: Client, products) -> None:
    cookie = client.get("/").cookies[COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")
    assert COOKIE not in client.get("/").cookies


@pytest.mark.parametrize("value", ["", "x", OTHER.hex, f"{OTHER.hex}:1uJ000:forged"])
def test_a_cookie_that_we_did_not_sign_is_nobody(value: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = value

    assert visitor_id(request) is None


def test_an_author_is_the_same_from_the_same_address_and_does_not_tell_it() -> None:
    one, again, other = (RequestFactory().post("/", REMOTE_ADDR=each) for each in (HERE, HERE, "192.0.2.2"))

    assert author_of(one) == author_of(again) != author_of(other)
    assert HERE not in author_of(one)


def test_without_a_proxy_of_ours_what_a_visitor_says_of_the_address_does_not_count() -> None:
    forged = RequestFactory().post("/", REMOTE_ADDR=HERE, headers={"X-Forwarded-For": "192.0.2.9"})

    assert author_of(forged) == author_of(RequestFactory().post("/", REMOTE_ADDR=HERE))


@pytest.mark.parametrize("said", [HERE, f"192.0.2.9, {HERE}", f"192.0.2.9,192.0.2.8 ,  {HERE} "])
def test_behind_a_proxy_of_ours_its_own_entry_counts_and_not_what_a_visitor_wrote_before_it(
    settings, said: str
) -> None:
    settings.BEHIND_PROXY = True
    through = RequestFactory().post("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": said})

    assert author_of(through) == author_of(RequestFactory().post("/", REMOTE_ADDR=HERE))


def test_behind_a_proxy_that_says_nothing_its_own_address_counts(settings) -> None:
    settings.BEHIND_PROXY = True
    through = RequestFactory().post("/", REMOTE_ADDR=HERE)

    assert author_of(through)
