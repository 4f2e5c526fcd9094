"""The page asks before it deletes, and is there with the sandbox inside this site alone."""

from __future__ import annotations

import pytest
from django.test import Client

from compare import reset
from tests.compare.stage.full import fill, rows_in_the_sandbox

pytestmark = pytest.mark.django_db(databases="__all__")
PAGE = "/compare/reset/"


@pytest.mark.parametrize(
    ("language", "asked", "said"),
    [
        ("en", "posts on the board: 6", "Deleted: 6 posts, 1 payments, 1 events, 1 recorded messages."),
        ("ja", "掲示板の投稿： 6", "削除しました：投稿 6 件、決済 1 件、イベント 1 件、通信の記録 1 件。"),
    ],
)
def test_it_says_what_would_be_deleted_and_a_post_deletes_it(language: str, asked: str, said: str) -> None:
    fill()
    client = Client(headers={"Accept-Language": language})

    page = client.get(PAGE)
    assert asked in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert (client.head(PAGE).status_code, reset.counts()["payments"], rows_in_the_sandbox() > 1) == (200, 1, True)
    board = client.post(PAGE, follow=True)

    assert board.redirect_chain == [("/", 302)]
    assert said in board.content.decode()
    assert (reset.counts()["payments"], rows_in_the_sandbox()) == (0, 0)


def test_another_sites_form_deletes_nothing() -> None:
    fill()

    assert Client(enforce_csrf_checks=True).post(PAGE).status_code == 403
    assert (reset.counts()["payments"], rows_in_the_sandbox() > 1) == (1, True)


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_sandbox_it_says_so_and_deletes_nothing(settings, method: str) -> None:
    fill()
    settings.STRIPE_SANDBOX_ENABLED = False

    page = getattr(Client(headers={"Accept-Language": "en"}), method)(PAGE)

    assert page.status_code == 403
    assert "Only the sandbox inside this site is reset here." in page.content.decode()
    assert "Delete all of it" not in page.content.decode()
    assert (reset.counts()["payments"], rows_in_the_sandbox() > 1) == (1, True)


def test_with_live_keys_it_is_refused(settings) -> None:
    fill()
    settings.STRIPE_LIVEMODE = True

    page = Client(headers={"Accept-Language": "en"}).post(PAGE)

    assert (page.status_code, reset.counts()["payments"]) == (503, 1)
    assert "keys of a Stripe account" in page.content.decode()
