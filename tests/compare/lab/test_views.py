"""The pages of the lab: light, open with the sandbox alone, and without anything secret."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from compare.apart.process import Process
from compare.content import content
from compare.lab import runner, views
from compare.models import LabRun
from tests.compare.stage.lab import finished_run

pytestmark = pytest.mark.django_db
BIGGEST = 100_000  # bytes of a page
SCENARIOS = content().lab.scenarios


@pytest.fixture
def keys(settings) -> None:
    settings.STRIPE_SANDBOX_ENABLED = False


@pytest.fixture
def make_run(apart: Process) -> Callable[[str], LabRun]:
    def make(name: str, language: str = "en") -> LabRun:
        rungs = runner.columns(content().lab.scenario(name))
        results = list(apart.ask(scenario=name, rungs=rungs, language=language))
        return LabRun.objects.create(
            visitor=uuid.uuid4(), scenario=name, language=language, state="done", results=results
        )

    return make


def test_the_list_has_every_scenario_with_a_button(client: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(10):
        page = client.get(reverse("compare:lab"))

    assert page.text.count('name="scenario"') == len(SCENARIOS)
    assert [scenario.id for scenario in SCENARIOS if f'href="{scenario.url}"' not in page.text] == []
    assert len(page.content) < BIGGEST


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_scenario_shows_its_documented_outcomes(client: Client, language: str) -> None:
    for scenario in SCENARIOS:
        page = client.get(scenario.url, headers={"Accept-Language": language})

        assert str(getattr(scenario.title, language)) in unescape(page.text)
        assert page.text.count("verdict-") == len(runner.columns(scenario))


def test_with_keys_no_run_can_be_started_and_the_pages_say_so(client: Client, keys: None) -> None:
    for address in (reverse("compare:lab"), SCENARIOS[0].url):
        page = client.get(address)
        assert "manage.py lab" in page.text
        assert 'name="scenario"' not in page.text

    answer = client.post(reverse("compare:lab"), {"scenario": "tab-closed"})

    assert answer.status_code == 403
    assert not LabRun.objects.exists()


def test_a_run_is_started_by_a_form_of_ours_alone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    monkeypatch.setattr(runner, "_worker", lambda process: type("Worker", (), {"put": started.append})())
    address = reverse("compare:lab")

    assert client.post(address, {"scenario": "nonsense"}).status_code == 404
    assert Client(enforce_csrf_checks=True).post(address, {"scenario": "tab-closed"}).status_code == 403
    assert started == []

    answer = client.post(address, {"scenario": "tab-closed", "next": "https://evil.example/"})

    run = LabRun.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("compare:lab_run", args=[run.pk]))
    assert started == [run.pk]
    assert client.post(address, {"scenario": "dispute"}).headers["Location"] == answer.headers["Location"]


@pytest.mark.parametrize(("error", "status"), [(runner.Busy, 503), (runner.LimitReached("L", "t", "x", 9), 429)])
def test_where_there_are_too_many_runs_a_page_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def refuse(*args: object) -> None:
        raise error

    monkeypatch.setattr(runner, "start", refuse)

    assert client.post(reverse("compare:lab"), {"scenario": "dispute"}).status_code == status


@pytest.mark.parametrize(
    ("state", "said"), [("waiting", "the first run takes"), ("running", "Running"), ("failed", "The run failed")]
)
def test_a_run_shows_how_far_it_is(client: Client, state: str, said: str) -> None:
    run = finished_run()
    run.state, done = state, run.results[:2] if state == "running" else []
    run.results = done
    run.save()

    page = client.get(reverse("compare:lab_run", args=[run.pk]))

    assert said in page.text
    assert ("http-equiv" in page.text) == ("data-live" in page.text) == (state != "failed")
    assert ("<table" in page.text) == bool(done)
    assert client.get(reverse("compare:lab_run", args=[uuid.uuid4()])).status_code == 404


# The one with the most messages, one that leads to a power cut, and one without legacy.
@pytest.mark.parametrize("name", ["refund-after-the-flip", "server-dies", "konbini-later"])
def test_a_finished_run_is_shown_whole_on_a_small_page(
    client: Client, make_run: Callable[[str], LabRun], name: str, django_assert_max_num_queries
) -> None:
    run = make_run(name)
    rungs = runner.columns(content().lab.scenario(name))
    for rung in ["", *rungs]:
        with django_assert_max_num_queries(10):
            page = client.get(reverse("compare:lab_run", args=[run.pk]), {"of": rung})

        assert "Every outcome is the documented one." in page.text
        assert page.text.count("wire-messages") == 1
        assert 'class="sequence' in page.text
        assert len(page.content) < BIGGEST
        assert "sk_test_" not in page.text.replace("sk_test_sandbox", "")


def test_a_run_that_is_never_finished_is_given_up(client: Client) -> None:
    run = finished_run()
    long_ago = timezone.now() - runner.GIVEN_UP - timedelta(seconds=1)
    LabRun.objects.update(state="running", created_at=long_ago)

    page = client.get(reverse("compare:lab_run", args=[run.pk]))

    assert "The run failed" in page.text
    assert "data-live" not in page.text


def test_a_run_with_another_outcome_says_so(client: Client) -> None:
    run = finished_run()
    run.results[0] |= {"verdict": "lost", "books": []}
    run.save()

    page = client.get(reverse("compare:lab_run", args=[run.pk]))

    assert "An outcome is not the documented one" in page.text
    assert "Every outcome" not in page.text


def test_the_lab_is_open_with_any_sandbox_and_needs_the_code_of_one(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert views.is_open()
    settings.STRIPE_SANDBOX_ENABLED, settings.STRIPE_API_BASE = False, "http://127.0.0.1:12111"
    assert views.is_open()

    monkeypatch.setattr(views, "is_possible", lambda: False)

    assert not views.is_open()
