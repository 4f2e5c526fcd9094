"""A sample of `bench/fuzz.py`: mixed requests, and no 5xx but where Stripe fails or a fault was ordered."""

from __future__ import annotations

import pytest

from bbs import demo
from bbs_project.wsgi import application
from tests.stage.fuzz import Failure, Fuzz, Request, in_no_hurry

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


def test_nothing_that_is_asked_at_random_breaks_the_site() -> None:
    demo.load()
    run = Fuzz(application, seed=20261127)

    with in_no_hurry():
        failures = list(run.run(300))

    assert "\n".join(map(str, failures)) == ""
    assert run.statuses.keys() >= {200, 302, 400, 403, 404, 405}


def test_what_breaks_it_is_shown_with_a_command_that_does_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    demo.load()
    broken = Request("POST", "/healthz?a=%00", {"Accept": "it's"}, b"\x00'a")
    monkeypatch.setattr(Fuzz, "_request", lambda run, browser: broken)

    def site(environ, start_response):
        if environ["PATH_INFO"] == "/healthz":
            raise RuntimeError("before any middleware")
        return application(environ, start_response)

    (failure,) = Fuzz(site, seed=1).run(1)

    assert failure == Failure(0, broken, "RuntimeError: before any middleware")
    assert str(failure).endswith(
        "curl -i --path-as-is -X POST -H 'Accept: it'\"'\"'s' 'http://localhost:8000/healthz?a=%00' "
        "--data-binary $'\\x00\\x27a'"
    )
