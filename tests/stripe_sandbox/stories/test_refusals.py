"""Every refusal of the sandbox has a row: a call that meets it, and the answer that it gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from stripe_sandbox import urls
from tests.stage.reached import Reached, sites
from tests.stripe_sandbox.stage import refusals, refused_in_process
from tests.stripe_sandbox.stage.calls import SECRET

_ROOT = Path(__file__).parents[3]
_SANDBOX = [file for file in (_ROOT / "stripe_sandbox").rglob("*.py") if "migrations" not in file.parts]
# The system checks have rows of their own: tests/bbs_project/stories/test_every_check.py.
_FILES = [file for file in _SANDBOX if file.name != "checks.py"]
BEARER = f"Bearer {SECRET}"
# Where ids are looked up that no caller names, or that were found before: none can be missing.
_OWN = (
    "stripe_sandbox.api.expand.",
    "stripe_sandbox.resources.effects.",
    "stripe_sandbox.resources.old_addresses.refund_and_show",
)


@pytest.fixture
def reached() -> Reached:
    places = sites(_ROOT, _FILES)
    return Reached(place for place in places if not (place.through and place.name.startswith(_OWN)))


@pytest.mark.django_db(databases="__all__")
def test_each_refusal_has_a_row_and_the_answer_in_it(
    reached: Reached, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    things, wrong = refusals.Things(), []

    with reached.watching():
        for row in refusals.rows():
            answer, words = refusals.answer_of(row, things)
            says = row.says.format_map(things)
            if answer != row.answer or not (words.startswith(says) or (answer.isdecimal() and says in words)):
                wrong.append(f"refusals.txt:{row.line}: {row.call} | {answer} | {words[:200]}")
        wrong += refused_in_process.wrong(tmp_path, things, monkeypatch)

    assert wrong == []
    assert reached.missing() == []


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("address", [each for each in urls.urlpatterns if each.name not in ("api", None)], ids=str)
def test_each_page_refuses_methods_that_it_does_not_have(address: URLPattern) -> None:
    given = dict.fromkeys(address.pattern.converters, "x") or dict.fromkeys(address.pattern.regex.groupindex, "clear")

    answer = Client().put(reverse(f"stripe_sandbox:{address.name}", kwargs=given), headers={"Authorization": BEARER})

    assert answer.status_code == 405
    assert "PUT" not in answer.headers["Allow"]


def test_a_place_that_was_not_reached_is_named(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_text(
        "def sell(amount):\n"
        "    if amount < 0:\n"
        "        raise ValueError('negative')\n"
        "    if amount > 9:\n"
        "        raise ValueError('large')\n"
    )
    watched = Reached(sites(tmp_path, [file]))
    module: dict[str, Any] = {}
    exec(compile(file.read_text(), str(file), "exec"), module)  # noqa: S102

    with watched.watching(), pytest.raises(ValueError, match="negative"):
        module["sell"](-1)

    assert watched.missing() == ["shop.sell: raise ValueError('large')"]
