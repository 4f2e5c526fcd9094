"""The rows of the page of parameters are found by words, in either language."""

from __future__ import annotations

import re

from django.test import Client


def shown_in(page: str) -> set[str]:
    return set(re.findall(r'<tr data-row data-words="[^"]*" id="([^"]+)"', page))


def test_the_filter_works_without_a_script(client: Client) -> None:
    page = client.get("/compare/parameters/?q=receipt", headers={"Accept-Language": "en"}).content.decode()

    assert shown_in(page) == {"charge-create-description", "charge-create-receipt-email"}
    assert "2 / 45" in page
    for language in ("en", "ja"):
        answer = client.get("/compare/parameters/", {"q": "住所"}, headers={"Accept-Language": language})
        assert shown_in(answer.content.decode()) > {"checkout-js-zipCode"}
