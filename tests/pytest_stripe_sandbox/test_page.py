"""The hosted page as it is read by a test: hidden fields and what it says is wrong."""

from __future__ import annotations

from pytest_stripe_sandbox import page

PAGE = """<form method="post"><input type="hidden" name="a&amp;b" value="1 &lt; 2"><input type="hidden">
<input name="email" value="shown"><p>Not this.</p><p role="alert">Your card <b>was</b> declined.</p><p>Nor this.</p>
"""


def test_hidden_fields_are_kept_and_others_are_not() -> None:
    assert page.read(PAGE).hidden == {"a&b": "1 < 2"}


def test_an_alert_is_what_the_page_complains_of() -> None:
    assert page.complaint(PAGE) == "Your card was declined."
    assert page.complaint("<p>Thanks</p>") == ""
