"""From a call to its answer."""

from __future__ import annotations

import pytest

from tests.stripe_sandbox.stage.calls import call


@pytest.mark.django_db(databases="__all__")
def test_a_json_body_is_refused_with_stripes_advice() -> None:
    status, body, _ = call("POST", "/v1/charges", '{"amount": 1}', Content_Type="application/json")

    assert status == 400
    assert body["error"]["message"].startswith("Invalid request (check that your POST content type is")
