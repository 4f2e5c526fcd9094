"""The health probe: it is answered whatever a visitor would have to do first."""

from __future__ import annotations

import logging

import pytest
from django.db import connection
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "localhost", "_", ""])
def test_it_answers_over_plain_http_and_for_any_host_where_visitors_need_https(settings, host: str) -> None:
    settings.SECURE_SSL_REDIRECT, settings.ALLOWED_HOSTS = True, ["shop.example"]
    client = Client(headers={"Host": host})

    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok")
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405
    assert client.get("/").status_code in (301, 400)


@pytest.mark.django_db(transaction=True)
def test_without_its_database_it_says_so(monkeypatch: pytest.MonkeyPatch, client: Client, caplog) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "/none/such")

    with caplog.at_level(logging.ERROR):
        answer = client.get("/healthz")
    connection.close()

    assert (answer.status_code, answer.content) == (503, b"The database does not answer.")
    assert any(line.startswith("the database does not answer: ") for line in caplog.messages)
