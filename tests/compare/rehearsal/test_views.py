"""The page starts a rehearsal, shows its progress and its report, and refuses to beside a real account."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from compare.models import Rehearsal
from compare.rehearsal import runs
from tests.compare.stage.reports import report

pytestmark = pytest.mark.django_db
PAGE, TEXT = "/compare/migrate/rehearsal/", "/compare/migrate/rehearsal.txt"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr(runs, "start", found.append)
    return found


def shown(client: Client, language: str = "en", **values: object) -> str:
    Rehearsal.objects.all().delete()
    Rehearsal.objects.create(visitors=200, **values)
    return client.get(PAGE, headers={"Accept-Language": language}).text


@pytest.mark.parametrize("visitors", [60, 500])
def test_a_press_starts_one_with_as_many_visitors_as_were_chosen(
    client: Client, started: list[int], visitors: int
) -> None:
    response = client.post(PAGE, {"visitors": visitors})

    assert (response.status_code, response.url) == (302, PAGE)
    assert started == [visitors]


@pytest.mark.parametrize("form", [{}, {"visitors": "1000000"}, {"visitors": "many"}, {"visitors": "６０"}])
def test_what_is_not_on_offer_starts_none(client: Client, started: list[int], form: dict[str, str]) -> None:
    assert client.post(PAGE, form).status_code == 400
    assert started == []


def test_another_sites_form_starts_none(started: list[int]) -> None:
    assert Client(enforce_csrf_checks=True).post(PAGE).status_code == 403
    assert started == []


def test_while_one_runs_no_other_starts_and_the_progress_is_shown(client: Client) -> None:
    Rehearsal.objects.create(visitors=200, done=120, share=50)

    response = client.post(PAGE, {"visitors": 60}, follow=True)

    assert "A rehearsal is running already" in response.text
    assert "120 of 200 visitors, modern flow 50 %" in response.text
    assert "Start the rehearsal" not in response.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "being opened",
                "Four days pass",
                "books are at zero",
                "webhooks that never arrived: 2",
                "Something is left",
            ],
        ),
        (
            "ja",
            ["ショップを開いています", "4日が過ぎ、帳簿", "差額は 0 で", "届かなかった Webhook：2", "残ってはいけない"],
        ),
    ],
)
def test_each_state_has_its_words(client: Client, language: str, words: list[str]) -> None:
    opening, closing, good, troubles, bad = words

    assert opening in shown(client, language)
    assert closing in shown(client, language, done=200)
    assert good in shown(client, language, is_running=False, report=report().data)
    assert troubles in shown(client, language, is_running=False, report=report().data)
    assert bad in shown(client, language, is_running=False, report=report(open=3).data)
    assert "The log says why" in shown(client, is_running=False, failure="secret details")
    assert "secret details" not in client.get(PAGE).text


def test_the_report_is_there_as_text(client: Client) -> None:
    assert client.get(TEXT).status_code == 404
    shown(client, is_running=False, report=report().data)

    response = client.get(TEXT, headers={"Accept-Language": "ja"})

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.startswith("移行の予行演習\n帳簿の差額は 0 で")


def test_it_is_small_and_asks_the_database_little(client: Client, django_assert_max_num_queries) -> None:
    Rehearsal.objects.create(visitors=200, is_running=False, report=report().data, seen_at=timezone.now())

    with django_assert_max_num_queries(3):
        page = client.get(PAGE)

    assert len(page.content) < 30_000
    assert page["Cache-Control"].startswith("max-age=0")


def test_with_keys_staff_read_why_it_is_refused_and_others_sign_in(
    client: Client, settings, django_user_model, started: list[int]
) -> None:
    settings.STRIPE_SANDBOX_ENABLED = False
    helper = django_user_model.objects.create_user("helper", is_staff=True)

    assert "/admin/login/" in client.get(PAGE).url
    client.force_login(helper)
    assert client.get(PAGE).status_code == 403
    helper.user_permissions.add(Permission.objects.get(codename="view_payment"))

    for response in (client.get(PAGE), client.post(PAGE, {"visitors": "60"})):
        assert response.status_code == 403
        assert "This site has the keys of a Stripe account: rehearse" in response.text
    assert started == []
