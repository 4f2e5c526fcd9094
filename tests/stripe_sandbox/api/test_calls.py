"""A call of the API, however it came."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripe_sandbox.api.calls import Answer, Call, pretty


@pytest.mark.parametrize("url", ["https://api.stripe.com/v1/charges?limit=3", "/v1/charges?limit=3"])
def test_of_an_address_only_path_and_query_count(url: str) -> None:
    call = Call.to("get", url, {})

    assert (call.method, call.path, call.query) == ("GET", "/v1/charges", "limit=3")


@pytest.mark.parametrize(("method", "key"), [("POST", "k"), ("GET", ""), ("DELETE", "")])
def test_only_a_post_has_an_idempotency_key_however_it_is_written(method: str, key: str) -> None:
    assert Call.to(method, "/v1/charges", {"idempotency-KEY": "k"}).idempotency_key == key


def test_an_answer_is_json_that_reads_the_same_over_lines() -> None:
    answer = Answer.of(200, {"name": "花子"}, Retry_After="1")

    assert (answer.body, answer.headers) == ('{"name": "花子"}', {"Retry-After": "1"})
    assert pretty(answer.body) == '{\n  "name": "花子"\n}'
    assert json.loads(pretty(answer.body)) == json.loads(answer.body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    )
)
def test_it_is_written_as_python_writes_json(content: object) -> None:
    answer = Answer.of(200, {"content": content})

    assert answer.body == json.dumps({"content": content}, ensure_ascii=False)
    assert pretty(answer.body) == json.dumps({"content": content}, ensure_ascii=False, indent=2)
