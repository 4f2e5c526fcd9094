"""The site on settings from its environment: each wrong one stops the start with what to do, and errors are logged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.stage import sites

NAMES = re.findall(r"(?m)^#([A-Z_]+)=", (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8"))
# Any text is a good key: none can be recognized as wrong.
KEYS = {"DJANGO_SECRET_KEY", "DJANGO_SECRET_KEY_FALLBACKS"}
NONSENSE = {
    "DJANGO_ALLOWED_HOSTS": "https://shop.example",
    "DJANGO_SECRET_KEY_FALLBACKS": ",",
    "STRIPE_CHECKOUT_DOMAIN": "https://pay.shop.example",
    "STRIPE_SANDBOX_DATABASE": "/none/such.sqlite3",
    "STRIPE_SANDBOX_WEBHOOK_ALLOW": "http://10.0.0.1",
}
# What a setting is only looked at with.
BESIDE = {"STRIPE_PUBLISHABLE_KEY": {"STRIPE_SECRET_KEY": "sk_test_1"}}
LIVE = {"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_PUBLISHABLE_KEY": "pk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}


def test_every_setting_is_listed_once() -> None:
    assert len(NAMES) == len(set(NAMES)) > 20


@pytest.mark.parametrize("name", [name for name in NAMES if name not in KEYS or name in NONSENSE])
def test_nonsense_in_any_setting_stops_the_start_with_its_name_and_what_to_do(tmp_path: Path, name: str) -> None:
    wrong = BESIDE.get(name, {}) | {name: NONSENSE.get(name, "nonsense")}

    code, said = sites.manage(tmp_path, "check", **wrong)

    assert code != 0
    assert name in said
    assert re.search(r"\tHINT: |: set it to |: give |: there is no folder ", said)
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_API_BASE", "http://["),
        ("STRIPE_API_BASE", "http://127.0.0.1:99999"),
        ("STRIPE_CHECKOUT_JS", "http://["),
        ("DJANGO_CSRF_TRUSTED_ORIGINS", "shop.example"),
        ("DJANGO_CSRF_TRUSTED_ORIGINS", "https://["),
        ("DJANGO_ALLOWED_HOSTS", "shop.example:443"),
        ("DJANGO_ENV_FILE", "/none"),
    ],
)
def test_a_setting_that_is_nearly_right_is_refused_as_well(tmp_path: Path, name: str, value: str) -> None:
    code, said = sites.manage(tmp_path, "check", **{name: value})

    assert code != 0
    assert said.count(repr(value)) == 1
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "how",
    [
        ["manage.py", "serve", "0"],
        ["manage.py", "runserver", "0"],
        ["-c", "import bbs_project.asgi"],
        ["-m", "gunicorn", "--bind", "127.0.0.1:0", "bbs_project.wsgi"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(("name", "value"), [("DJANGO_HTTPS", "maybe"), ("PAYMENT_FLOW", "telepathy")])
def test_however_the_site_is_served_it_says_so(tmp_path: Path, how: list[str], name: str, value: str) -> None:
    code, said = sites.python(tmp_path, *how, **{name: value})

    assert code == 3
    assert f"{name} is {value!r}" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("flow", ["modern", "legacy"])
def test_a_live_key_needs_https_in_either_flow(tmp_path: Path, flow: str) -> None:
    over_http = sites.manage(tmp_path, "check", PAYMENT_FLOW=flow, **LIVE)
    over_https = sites.manage(tmp_path, "check", PAYMENT_FLOW=flow, DJANGO_HTTPS="on", **LIVE)

    assert over_http[0] == 1
    assert "A live key needs HTTPS" in over_http[1]
    assert over_https[0] == 0, over_https[1]


@pytest.mark.parametrize(("given", "shown"), [("", True), ("whsec_real", False)])
def test_the_sandbox_shows_its_own_webhook_secret_and_no_other(tmp_path: Path, given: str, shown: bool) -> None:
    ask = "from bbs_project import settings; print(settings.STRIPE_SANDBOX['SHOW_WEBHOOK_SECRET'])"

    code, said = sites.python(tmp_path, "-c", ask, STRIPE_WEBHOOK_SECRET=given)

    assert (code, said.strip()) == (0, str(shown))


@pytest.mark.parametrize(
    ("values", "proxies"),
    [
        ({"DJANGO_TRUSTED_PROXIES": "2"}, 2),
        ({"DJANGO_BEHIND_PROXY": "on"}, 1),
        ({"DJANGO_BEHIND_PROXY": "on", "DJANGO_TRUSTED_PROXIES": "0"}, 0),
    ],
)
def test_proxies_of_our_own_are_counted_and_the_former_switch_means_one(
    tmp_path: Path, values: dict[str, str], proxies: int
) -> None:
    ask = "from bbs_project import settings as s; print(s.TRUSTED_PROXIES, hasattr(s, 'SECURE_PROXY_SSL_HEADER'))"

    assert sites.python(tmp_path, "-c", ask, **values) == (0, f"{proxies} {proxies > 0}\n")


BREAK = """
import django
django.setup()
from django.test import Client
from bbs import views
views.Page = None
client = Client(raise_request_exception=False, SERVER_NAME="localhost")
assert client.get("/").status_code == 500
assert client.get("/", SERVER_NAME="another.example").status_code == 400
"""


def test_an_unhandled_error_and_a_refused_host_are_logged_without_any_setting(tmp_path: Path) -> None:
    code, said = sites.python(tmp_path, "-c", BREAK)

    assert code == 0, said
    assert "Traceback (most recent call last)" in said
    assert "AttributeError: 'NoneType' object has no attribute 'read'" in said
    assert "Invalid HTTP_HOST header: 'another.example'" in said
