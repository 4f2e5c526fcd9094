"""What SECURITY.md says of cookies and of caches is so, for every cookie and for every address of the site."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from http.cookies import Morsel

import pytest
from django.conf import settings as project
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from bbs.models import Payment
from stripe_sandbox.models import LoggedRequest, StripeObject
from tests.stage import sites, stories
from tests.stage.people import Visitor

TEXT = (project.BASE_DIR / "SECURITY.md").read_text(encoding="utf-8")
DAY = 86_400  # seconds
YEARS = {"1 year": range(364 * DAY, 366 * DAY), "2 weeks": range(14 * DAY, 14 * DAY + 1), "1 day": range(DAY, DAY + 1)}


def table(heading: str) -> list[list[str]]:
    """Return the rows of the table under a heading."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return rows[2:]


# --- Cookies ----------------------------------------------------------------------------------------------


@pytest.fixture
def cookies(products, settings) -> dict[str, Morsel]:
    """Every cookie that the site sets, as it sets them over HTTPS."""
    for name in ("SESSION", "CSRF", "LANGUAGE"):
        setattr(settings, f"{name}_COOKIE_SECURE", True)
    User.objects.create_superuser("staff", password="x")
    client, found = Client(), {}
    for address, form in (
        ("/", None),
        ("/success/?session_id=cs_none", None),
        ("/i18n/setlang/", {"language": "ja"}),
        ("/flow/", {"flow": "legacy"}),
        ("/admin/login/", {"username": "staff", "password": "x"}),
        ("/admin/bbs/payment/flow/", {"flow": "legacy"}),
        ("/sandbox/", None),
        ("/sandbox/clear/", None),
        ("/sandbox/?account=acct_1SandboxBoard0000", None),
    ):
        answer = client.get(address, secure=True) if form is None else client.post(address, form, secure=True)
        found |= answer.cookies
    return found


@pytest.mark.django_db(databases="__all__")
def test_the_table_of_cookies_is_true(cookies: dict[str, Morsel]) -> None:
    rows = {row[0].strip("`"): row[2:] for row in table("Cookies")}

    assert rows.keys() == cookies.keys()
    for name, (lifetime, http_only, same_site, secure) in rows.items():
        cookie = cookies[name]
        assert bool(cookie["httponly"]) is (http_only == "yes"), name
        assert cookie["samesite"] == same_site, name
        assert (cookie["secure"], secure) == (True, "with HTTPS"), name
        assert cookie["max-age"] in YEARS[lifetime] if lifetime in YEARS else cookie["max-age"] == "", name


def test_https_makes_every_cookie_secure_and_hsts_is_a_setting(tmp_path) -> None:
    show = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
    show += "s.LANGUAGE_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS)"

    assert sites.python(tmp_path, "-c", show) == (0, "False False False False 0\n")
    assert sites.python(tmp_path, "-c", show, DJANGO_HTTPS="on") == (0, "True True True True 3600\n")
    said = sites.python(tmp_path, "-c", show, DJANGO_HTTPS="on", DJANGO_HSTS_SECONDS="31536000")
    assert said == (0, "True True True True 31536000\n")


# --- Caches -----------------------------------------------------------------------------------------------


def addresses(patterns: list[URLPattern | URLResolver], samples: dict[str, object], before: str = "/") -> Iterator[str]:
    """Yield an address of each pattern of a URLconf."""
    for each in patterns:
        route = str(each.pattern)
        if isinstance(each.pattern, RegexPattern):
            route = next((own for shape, own in REGEXES.items() if shape in route), "")
        address = before + re.sub(r"<(\w+:)?(\w+)>", lambda found: str(samples.get(found[2], "1")), route)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, samples, address)
        else:
            yield address


# What an address of these looks like; any other pattern of the admin takes whatever comes.
REGEXES = {"^v1": "v1/charges", "^sandbox/control": "sandbox/control/none/", "app_label": "bbs/"}


def promised(address: str) -> str:
    """Return what the table says of an address: the longest that fits counts."""
    fitting = {}
    for cells, directive, _why in table("What caches may keep"):
        for written in re.findall(r"`([^`]+)`", cells):
            begin = written.removesuffix("…")
            if address.startswith(begin) if written != begin else address.rstrip("/") == begin.rstrip("/"):
                fitting[len(begin)] = directive.strip("`")
    return fitting[max(fitting)]


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_the_table_of_caches_holds_for_every_address(shop: str, mike: Visitor, settings) -> None:
    stories.pay(mike, "modern")
    User.objects.create_superuser("staff", password="x")
    session = Payment.objects.get().checkout_session_id
    samples = {
        **{name: Payment.objects.get().pk for name in ("reference", "left")},
        "right": uuid.uuid4(),
        "flow": "modern",
        "page": "tests",
        "number": 1,
    }
    sids = {
        "c/pay": session,
        "sandbox/payments": Payment.objects.get().payment_intent_id,
        "sandbox/events": StripeObject.objects.filter(kind="event").first().sid,
        "sandbox/requests": LoggedRequest.objects.first().request_id,
        "sandbox/receipts": StripeObject.objects.filter(kind="charge").first().sid,
    }
    client = Client()
    client.cookies.load(mike.cookies)
    client.login(username="staff", password="x")
    seen: dict[int, set[str]] = {}

    for address in addresses(get_resolver().url_patterns, samples):
        sid = next((sid for begin, sid in sids.items() if address.startswith(f"/{begin}/")), "1")
        asked = re.sub(r"^(/(?:c/pay|sandbox/\w+)/)1(/|$)", rf"\g<1>{sid}\2", address)
        answer = client.get(asked + (f"?session_id={session}&sessionId={session}" if "s" in asked else ""))
        said = answer.get("Cache-Control", "")
        seen.setdefault(answer.status_code, set()).add(address)
        assert answer.status_code < 500, asked
        if answer.status_code < 400:
            assert promised(address) in said, asked
        assert "private" in said or "no-store" in said or promised(address) == "public", asked
        assert address == "/healthz" or answer["Referrer-Policy"] == settings.SECURE_REFERRER_POLICY, asked

    assert settings.SECURE_REFERRER_POLICY == "same-origin"
    assert len(seen[200]) > 40, seen


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/payments/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/", 404),
        ("/compare/wire/0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f/", 404),
        *(("/none/", 404), ("/static/none.css", 404), ("/?before=x", 400), ("/flow/", 405), ("/c/pay/cs_none", 404)),
    ],
)
def test_a_page_that_says_no_is_kept_by_no_shared_cache(client: Client, address: str, status: int) -> None:
    answer = client.get(address)

    assert answer.status_code == status
    assert {"private", "no-store"}.intersection(answer["Cache-Control"].split(", "))


@pytest.mark.django_db(databases="__all__")
def test_static_files_may_be_kept_by_everybody(client: Client) -> None:
    answer = client.get("/static/bbs/site.css")
    answer.close()

    assert answer.status_code == 200
    assert promised("/static/bbs/site.css") == "public"
    assert "public" in answer["Cache-Control"]


@pytest.mark.django_db(databases="__all__")
def test_a_page_that_broke_is_kept_by_no_shared_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bbs.views.Page", None)

    answer = Client(raise_request_exception=False).get("/")

    assert (answer.status_code, answer["Cache-Control"]) == (500, "private")


# --- Where forms may lead ---------------------------------------------------------------------------------


def test_forms_may_lead_to_the_domain_on_which_stripe_shows_its_page(tmp_path) -> None:
    ask = "import django; django.setup(); from django.test import Client; "
    ask += "print(Client(SERVER_NAME='localhost').get('/none/')['Content-Security-Policy'])"
    keys = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_PUBLISHABLE_KEY": "pk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}

    for domain in ("", "pay.shop.example"):
        code, said = sites.python(tmp_path, "-c", ask, STRIPE_CHECKOUT_DOMAIN=domain, **keys)
        wanted = ["'self'", "https://checkout.stripe.com", "https://api.stripe.com"]
        wanted += [f"https://{domain}"] if domain else []
        assert code == 0, said
        assert re.search(r"form-action ([^;]+)", said)[1].split() == wanted
