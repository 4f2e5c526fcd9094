"""Pages for what went wrong: each says so, and nothing is created, charged or lost."""

from __future__ import annotations

import pytest
from django.test import Client

from bbs.models import Topic
from tests.stage.stories import nothing_was_created

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize("path", ["/", "/checkout/", "/create-checkout-session/", "/flow/", "/i18n/setlang/"])
@pytest.mark.parametrize("token", [None, "x", "A" * 64])
def test_a_form_without_a_good_csrf_token_gets_a_page_that_says_so(products, path: str, token: str | None) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/")

    response = client.post(path, {"comment": "x"} | ({"csrfmiddlewaretoken": token} if token else {}))

    assert response.status_code == 403
    assert "Please load the page again" in response.content.decode()
    assert Topic.objects.exclude(comment="").count() == 5
    assert nothing_was_created()


@pytest.mark.parametrize("path", ["/", "/checkout/", "/create-checkout-session/"])
def test_ten_megabytes_are_refused(client: Client, path: str) -> None:
    response = client.post(path, {"comment": "x" * 10_000_000, "order": "x"})

    assert response.status_code in (400, 413)
    assert client.get("/").status_code == 200


def test_ten_megabytes_of_webhook_are_refused(client: Client) -> None:
    response = client.post("/webhook/", b"x" * 10_000_000, content_type="application/json")

    assert response.status_code in (400, 413)


@pytest.mark.parametrize("address", ["/nothing/", "/payments/1/", "/payments/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/"])
def test_what_is_not_there_is_answered_404_by_a_page_of_ours(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert "Page not found" in response.content.decode()
