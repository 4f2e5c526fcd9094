"""What ends in a bare 500 before any middleware of Django's is answered by our own page."""

from __future__ import annotations

import gc

import pytest

from bbs_project.wsgi import application
from tests.stage.fuzz import Browser, Request, Response

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

MANY = "&".join(["a=1"] * 1100)
FORM = "application/x-www-form-urlencoded"
CHARSETS = ["idna", "punycode", "utf-7", "rot13", "undefined", "utf-16", "shift_jis", "none-such", "\x00", '"']


def ask(method: str, address: str, body: bytes = b"", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Browser(application).send(Request(method, address, named, body))


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize(
    "address", ["/?q=%ff", "/webhook/?q=%ff", "/admin/login/?q=%ff", "/sandbox/?q=%ff", "/none/?%ff"]
)
def test_a_charset_that_is_not_utf8_is_refused(address: str, charset: str) -> None:
    answer = ask("POST", address, b"a=%ff", Content_Type=f"{FORM}; charset={charset}")

    assert answer.status == 400
    assert b"could not be understood" in answer.body


@pytest.mark.parametrize("kind", ["", "a/b; charset=utf-8", "a/b; charset=utf8", "a/b; charset=idna", "a/b; x*=y''z"])
def test_more_parameters_than_django_takes_are_refused_whatever_is_said_of_them(kind: str) -> None:
    assert ask("GET", f"/?{MANY}", Content_Type=kind).status == 400
    assert ask("POST", "/", MANY.encode(), Content_Type=f"{FORM}; charset=utf-8").status in (400, 403)


@pytest.mark.parametrize("length", ["abc", "9" * 5000, "-1", "", "1.0"])
def test_a_length_that_is_no_number_is_none(length: str) -> None:
    assert ask("POST", "/webhook/", b"{}", Content_Length=length).status == 400
    assert ask("GET", "/", Content_Length=length).status == 200


def test_the_api_answers_in_its_own_shape() -> None:
    for answer in (
        ask("GET", "/v1/charges?q=%ff", Content_Type="a/b; charset=idna"),
        ask("GET", "/v1/charges", Host="localhost:99999999"),
        ask("GET", "/v1", Host="evil.example"),
        ask("POST", "/sandbox/control/clear/", b"\xff", Content_Type=f"{FORM}; charset=utf-16"),
    ):
        assert answer.status == 400
        assert b'"type": "invalid_request_error"' in answer.body


def test_a_form_that_says_that_it_is_utf8_is_read() -> None:
    browser = Browser(application)
    browser.get("/")
    token, kind = browser.cookies["csrftoken"], f"{FORM}; charset=utf8"

    form = f"language=ja&csrfmiddlewaretoken={token}".encode()
    answer = browser.send(Request("POST", "/i18n/setlang/", browser.cookie_header() | {"Content-Type": kind}, form))

    assert answer.status == 302
    assert browser.cookies["django_language"] == "ja"


def test_what_was_loaded_is_not_looked_at_by_each_collection_of_garbage() -> None:
    assert gc.get_freeze_count() > len(gc.get_objects(generation=0))
