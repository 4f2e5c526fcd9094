"""What the record may hold: nothing that opens, identifies or pays, wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils import timezone

from bbs.models import Payment
from compare.models import WireMessage
from compare.wire import masking


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("mail hanako@example.com now", "mail ••• now"),
        ("to=hanako%40example.com&x=1", "to=•••&x=1"),
        ("Invalid email address: hanako+shop@mail.example.co.jp", "Invalid email address: •••"),
        ("Invalid API Key provided: sk_test_51Hc0ffee", "Invalid API Key provided: sk_test_•••"),
        ("rk_live_51Hc0ffee", "rk_live_•••"),
        ("pk_live_51Hc0ffee", "pk_live_•••"),
        ("whsec_c0ffee", "whsec_•••"),
        ("Bearer sk_test_1", "Bearer •••"),
        ("pi_3Q_secret_c0ffee", "pi_3Q_secret_•••"),
        ("t=1700000000,v1=" + "0a" * 32, "t=1700000000,v1=•••"),
        ("tok_1NirD82eZvKYlo2CIvbtLWuY", "tok_•••LWuY"),
        ("tok_1N-D82-LWuY", "tok_•••LWuY"),
        ("0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f:tok_1NirD8", "0b8f0e26-4e52-4a5e-9b2a-3f6f2f6f2f6f:tok_•••irD8"),
        ("4242424242424242", "•••"),
        ("card 4242 4242 4242 4242.", "card •••."),
        ("3782-822463-10005", "•••"),
        ("https://checkout.stripe.com/c/pay/cs_test_1#fidkdWxOYHwn", "https://checkout.stripe.com/c/pay/cs_test_1#•••"),
        ("NUL\x00", "NUL"),
    ],
)
def test_a_text_loses_what_is_private_and_keeps_what_shows_its_kind(written: str, stored: str) -> None:
    assert masking.text(written) == stored


@pytest.mark.parametrize(
    "harmless",
    [
        "12345678-1234-4234-8234-123456789012",
        "ch_3NirD82eZvKYlo2CIvbtLWuY",
        "2026-10-28.endive",
        "https://board.example/success/?session_id={CHECKOUT_SESSION_ID}",
        "1700000000",
        "Tシャツ × 1",
    ],
)
def test_a_harmless_text_is_stored_as_it_is(harmless: str) -> None:
    assert masking.text(harmless) == harmless


@pytest.mark.parametrize(
    "name",
    [
        "email",
        "receipt_email",
        "customer_email_address",
        "name",
        "customer_name",
        "phone",
        "address",
        "address_zip",
        "ip",
        "client_ip",
        "client_secret",
        "secret",
        "number",
        "cvc",
        "exp_month",
        "exp_year",
        "last4",
        "fingerprint",
        "shipping",
        "evidence",
        "receipt_url",
        "tax_ids",
    ],
)
def test_what_is_named_like_something_private_is_hidden_at_any_depth_and_in_any_shape(name: str) -> None:
    for planted in ("planted", 4711, ["planted"], {"inside": "planted"}):
        kept = masking.tree({"data": [{"object": "charge", name: planted}], name: planted})
        assert kept == {"data": [{"object": "charge", name: "•••"}], name: "•••"}
    assert masking.parameters([(f"card[{name}]", "planted"), (name, "planted"), (f"a[0][{name}][b]", "planted")]) == {
        f"card[{name}]": "•••",
        name: "•••",
        f"a[0][{name}][b]": "•••",
    }


def test_that_something_private_is_missing_is_no_secret() -> None:
    assert masking.tree({"email": None, "address": {}, "phone": ""}) == {"email": None, "address": {}, "phone": ""}


def test_what_is_sold_keeps_its_name() -> None:
    name = "line_items[0][price_data][product_data][name]"

    assert masking.parameters([(name, "T-shirt")]) == {name: "T-shirt"}
    assert masking.tree({"object": "product", "name": "T-shirt"}) == {"object": "product", "name": "T-shirt"}
    assert masking.tree({"product_data": {"name": "T-shirt"}}) == {"product_data": {"name": "T-shirt"}}


def test_of_a_form_only_harmless_fields_are_kept_and_of_others_their_names() -> None:
    sent = [("order", "W10:signed:order"), ("csrfmiddlewaretoken", "c0ffee"), ("quantity", "2"), ("x" * 99, "planted")]

    assert masking.form(sent) == {"order": "•••", "csrfmiddlewaretoken": "•••", "quantity": "2", "x" * 40: "•••"}
    assert len(masking.form((f"{n}", "") for n in range(999))) == 30


class Watched:
    """A pattern that remembers the longest text it was given."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._pattern, self.longest = pattern, 0

    def _note(self, text: str) -> str:
        self.longest = max(self.longest, len(text))
        return text

    def search(self, text: str) -> re.Match[str] | None:
        return self._pattern.search(self._note(text))

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self._pattern.fullmatch(self._note(text))

    def sub(self, mask: Callable[[re.Match[str]], str], text: str) -> str:
        return self._pattern.sub(mask, self._note(text))


@pytest.mark.parametrize(
    "long",
    [piece * 20_000 for piece in ("a1234", "http://", "1234 ", "_____", "tok_", "@@@@", "v1=a")],
    ids=lambda text: text[:7],
)
def test_a_long_text_is_cut_before_any_pattern_sees_it(monkeypatch: pytest.MonkeyPatch, long: str) -> None:
    names = [name for name, value in vars(masking).items() if isinstance(value, re.Pattern)]
    watched = {name: Watched(getattr(masking, name)) for name in names}
    for name, pattern in watched.items():
        monkeypatch.setattr(masking, name, pattern)

    masking.text(long)
    masking.form([("stripeToken", long), (long, "1")])
    masking.parameters([(long, "1"), ("description", long)])
    masking.tree({long: [long], "object": long})

    assert len(watched) == 4
    assert max(pattern.longest for pattern in watched.values()) == masking.LONGEST_TEXT


@pytest.mark.parametrize(
    "secret", ["4242 4242 4242 4242", "hanako.yamada@mail.example.co.jp", "sk_test_51Hc0ffee51Hc0ffee"]
)
def test_no_part_of_a_secret_is_left_at_the_cut(secret: str) -> None:
    for before in range(masking.LONGEST_TEXT - 40, masking.LONGEST_TEXT):
        kept = masking.text("x " * (before // 2) + secret + " x" * 50)

        assert kept.endswith("…")
        assert not re.search(r"4242|hanako|51Hc0", kept)


def test_a_value_that_is_nested_deep_is_cut_there() -> None:
    deep: object = "hanako@example.com"
    for _ in range(500):
        deep = [{"next": deep}]

    assert "hanako" not in str(masking.tree(deep))


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("odd", ["\x00", "a\x00b", "\ud800", "a\udfffb", float("nan"), float("inf"), 1e308 * -10])
def test_what_json_can_say_and_no_database_can_store_is_stored_otherwise(payment: Payment, odd: object) -> None:
    body = masking.tree({"a": odd, "b": [odd], str(odd): {"c": odd}})

    message = WireMessage.objects.create(
        payment=payment, kind="webhook", started_at=timezone.now(), milliseconds=1, parameters=body, answer={}
    )

    message.refresh_from_db()
    assert message.parameters == body
