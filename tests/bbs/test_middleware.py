"""What every request passes."""

from __future__ import annotations

import io
import uuid
from itertools import cycle
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from bbs.middleware import FORM, payment_context
from bbs.models import Payment, Topic
from bbs.payments.context import current_payment, set_payment
from bbs.payments.order import Order
from bbs.visitor import COOKIE
from tests.stage.fuzz import targets

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize("body", [b"comment=\xff\xfe&form_id=", b"\xff\xfe\x00", b"comment=%FF%FE&form_id="])
def test_bytes_that_are_not_utf8_are_refused(client: Client, body: bytes) -> None:
    body += str(uuid.uuid4()).encode()

    response = client.post("/", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert Topic.objects.count() == 0


@pytest.mark.parametrize("charset", ["shift_jis", "utf-16", "latin-1", "none-such", "utf-7"])
@pytest.mark.parametrize("path", ["/", "/create-checkout-session/", "/webhook/"])
def test_another_charset_is_refused_whatever_it_would_say(client: Client, path: str, charset: str) -> None:
    response = client.generic("POST", path, b"comment=x", f"application/x-www-form-urlencoded; charset={charset}")

    assert response.status_code == 400
    assert "could not be understood" in response.content.decode()
    assert Topic.objects.count() == 0


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8"])
def test_utf8_that_says_so_is_read(client: Client, charset: str) -> None:
    body = urlencode({"comment": "はい", "form_id": str(uuid.uuid4())}).encode()

    response = client.post("/", body, f"application/x-www-form-urlencoded; charset={charset}")

    assert response.status_code == 302
    assert Topic.objects.get().comment == "はい"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_with_more_fields_than_django_takes_is_refused(client: Client, kind: str) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' if "boundary" in kind else b"a=1&"

    assert client.generic("POST", "/", part * 1001 + b"--x--", kind).status_code == 400
    assert client.get(f"/?{'a=1&' * 1001}").status_code == 400


@pytest.mark.parametrize(
    "host",
    [
        "localhost:65536", "localhost:99999999", f"localhost:{'0' * 300}80", f"{'a' * 290}.localhost", "localhost:0",
        "localhost\x00", "[::1", "localhost:",
    ],
)  # fmt: skip
def test_a_host_that_there_cannot_be_opens_no_payment(client: Client, products, settings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    order = Order(products["t-shirt"], 1, "modern", 2000, "jpy")

    response = client.post("/checkout/", {"order": order.signed}, headers={"Host": host})

    assert response.status_code == 400
    assert not Payment.objects.exists()


@pytest.mark.parametrize("host", ["localhost", "localhost:65535", "127.0.0.1:1", "[::1]", "[::1]:8000"])
def test_a_host_that_there_can_be_is_answered(client: Client, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_an_address_of_any_length_is_refused_before_it_is_looked_up(client: Client) -> None:
    assert client.get(f"/payments/{'a' * 3000}/").status_code == 400


@pytest.mark.parametrize("name", ["sessionid", "messages", "django_language", "csrftoken", COOKIE])
def test_a_cookie_with_a_nul_is_none(client: Client, products, name: str) -> None:
    order = Order(products["t-shirt"], 1, "modern", 2000, "jpy").signed

    assert client.get("/", headers={"Cookie": rf'{name}="\000{"a" * 40}"'}).status_code == 200
    assert client.post("/checkout/", {"order": order}, headers={"Cookie": rf'{name}="a\000"'}).status_code == 303


@pytest.mark.parametrize("address", ["/?product=%00", "/?%00=1", "/success/?session_id=%00", "/config/?a=%00"])
def test_a_nul_in_an_address_is_refused(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("accept", ["text/html; x*=none'en'y", "application/json; charset*=idna''%ff"])
def test_a_media_type_in_a_charset_that_does_not_exist_is_none(client: Client, accept: str) -> None:
    assert client.post("/i18n/setlang/", {"language": "ja"}, headers={"Accept": accept}).status_code == 302
    assert client.get("/config/", headers={"Accept": accept}).status_code == 200


def admin_addresses() -> list[str]:
    """Return the admin's addresses that take no id, and those of each model's filters and objects with a bad one."""
    names = [target for target in targets() if target.template.startswith("/admin/")]
    plain = [target.template for target in names if not target.names]
    by_id = [target.template % dict.fromkeys(target.names, "%s") for target in names if len(target.names) == 1]
    filters = ["status__exact", "flow__exact", "currency", "type", "type__exact", "q", "id", "id__exact", "pk__in", "o"]
    queries = [f"{address}?{name}=%s" for address in plain for name in (*filters, "p", "e", "payment__reference")]
    return [*by_id, *queries]


BAD = ["%00", "a%00b", "9" * 30, "-" + "9" * 30, "%ff", "%ED%A0%80", "[%00]", "9" * 5000]
# One bad text for each address, and all of them with `--all`.
TURNS = [0, *(pytest.param(turn, marks=pytest.mark.whole) for turn in range(1, len(BAD)))]


@pytest.mark.parametrize("turn", TURNS)
def test_no_id_and_no_filter_breaks_the_admin(admin_client: Client, turn: int) -> None:
    asked = [
        address.replace("%s", bad)
        for address, bad in zip(admin_addresses(), cycle(BAD[turn:] + BAD[:turn]), strict=False)
    ]
    answers = {address: admin_client.get(address).status_code for address in asked}

    assert len(answers) > 100
    assert {address: status for address, status in answers.items() if status >= 500} == {}


@pytest.mark.parametrize("bad", ["\x00", "", "9" * 30, "-1", "x" * 500, "9" * 5000])
@pytest.mark.parametrize("model", ["topic", "payment", "webhookevent", "product"])
def test_no_selection_breaks_the_admin(admin_client: Client, products, model: str, bad: str) -> None:
    address = f"/admin/bbs/{model}/"
    for action in ("delete_selected", "hide", "ask_stripe", "process_again"):
        assert admin_client.post(address, {"action": action, "_selected_action": bad}).status_code < 500
    edited = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": bad, "form-0-position": bad, "_save": "x"}
    assert admin_client.post(address, edited).status_code < 500


@pytest.mark.parametrize("bad", ["\x00", "", str(2**63), "-" + "9" * 30, "x" * 500, "9" * 5000, "1.5"])
def test_no_choice_in_a_form_breaks_the_admin(admin_client: Client, admin_user, bad: str) -> None:
    """Of each form of the admin: whatever its object is to be related to."""
    tried = set()
    for model, model_admin in admin.site._registry.items():
        relations = [field.name for field in (*model._meta.fields, *model._meta.many_to_many) if field.related_model]
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}"
        for name in relations:
            for end in ("add/", f"{admin_user.pk}/change/"):
                answer = admin_client.post(f"{address}/{end}", {"name": "x", "username": "x", name: ["1", bad]})
                assert answer.status_code < 500, (address, name)
                tried.add((model_admin.opts.model_name, name))

    assert {("group", "permissions"), ("user", "groups"), ("user", "user_permissions")} <= tried


def test_what_is_no_choice_is_said_beside_its_field(admin_client: Client) -> None:
    answer = admin_client.post("/admin/auth/group/add/", {"name": "x", "permissions": "x"})

    assert answer.status_code == 200
    assert "“x” is not a valid value" in answer.content.decode()


def test_a_request_is_about_no_payment_of_the_one_before() -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(current_payment())
        set_payment(uuid.uuid4())
        return HttpResponse()

    answer = payment_context(view)
    for _ in range(2):
        answer(RequestFactory().get("/"))

    assert seen == [None, None]
    assert current_payment() is None


def test_a_visitor_is_remembered_even_by_an_answer_that_reports_an_error(client: Client, products, settings) -> None:
    order = Order(products["t-shirt"], 1, "modern", 2000, "jpy")
    settings.STRIPE_HTTP_CLIENT = "tests.stage.transports.Unreachable"

    response = client.post("/checkout/", {"order": order.signed})

    assert response.status_code == 503
    assert COOKIE in response.cookies


@pytest.mark.parametrize(("path", "kind"), [("/", FORM), ("/webhook/", "application/json")])
def test_a_body_that_breaks_off_is_bad_input_and_no_fault_of_the_site(client: Client, path: str, kind: str) -> None:
    class BrokenOff(io.BytesIO):
        def read(self, *args: object) -> bytes:
            raise OSError("the visitor is gone")

    client.raise_request_exception = False

    answer = client.generic("POST", path, b"x" * 100, kind, **{"wsgi.input": BrokenOff()})

    assert answer.status_code == 400
