"""Forms with nested parameters are read as Stripe reads them, and written so that they are read back."""

from __future__ import annotations

import string
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from stripe_sandbox.api import form
from stripe_sandbox.errors import ApiError

names = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=8)


params = st.recursive(
    st.dictionaries(names, st.text(max_size=12), min_size=1, max_size=3),
    lambda inner: st.dictionaries(names, inner | st.text(max_size=12), min_size=1, max_size=3),
    max_leaves=8,
)


@given(params)
def test_what_is_encoded_is_decoded_again(given_params: dict[str, object]) -> None:
    assert form.decode(urlencode(form.encode(given_params))) == given_params


@given(st.lists(st.text(max_size=6), min_size=1, max_size=5))
def test_both_ways_to_write_an_array_mean_the_same(items: list[str]) -> None:
    bare = form.decode(urlencode([("a[]", item) for item in items]))

    assert bare == form.decode(urlencode([(f"a[{place}]", item) for place, item in enumerate(items)]))


def test_a_bare_array_of_hashes_begins_a_new_one_where_a_name_comes_again() -> None:
    assert form.decode("a[][b]=1&a[][c]=2&a[][b]=3") == {"a": {"0": {"b": "1", "c": "2"}, "1": {"b": "3"}}}


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(raw: bytes) -> None:
    try:
        assert isinstance(form.decode(raw), dict)
    except ApiError as refused:
        assert refused.status == 400  # noqa: PT017


@given(st.text("ab[]=&%5B5D", max_size=40))
def test_any_brackets_are_decoded_or_refused(text: str) -> None:
    test_any_bytes_are_decoded_or_refused.hypothesis.inner_test(text.encode())
