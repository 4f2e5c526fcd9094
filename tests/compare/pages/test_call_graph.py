"""Each function leads to those that use it."""

from __future__ import annotations

from compare.content.lines import spans
from compare.pages.call_graph import Use, uses
from compare.pages.files import BY_PATH

LEGACY, MODERN = "bbs/payments/legacy.py", "bbs/payments/modern.py"


def test_each_function_leads_to_those_that_use_it() -> None:
    found = {key: [use.label for use in users] for key, users in uses().items()}

    assert "payments.checkout" in found[LEGACY, "checkout"]
    assert "payments.checkout" in found[MODERN, "checkout"]
    assert "modern.checkout" in found[MODERN, "_create"]
    assert "legacy.EVENTS" in found[LEGACY, "_charge_changed"]
    assert "views._board" in found[MODERN, "button"]


def test_no_function_of_a_flow_is_used_by_nobody() -> None:
    unused = [
        (path, span.name)
        for path in (LEGACY, MODERN)
        for span in spans(path)
        if span.name != "head" and (path, span.name) not in uses()
    ]

    assert unused == []


def test_a_function_is_no_user_of_itself_and_each_user_is_named_once() -> None:
    for (path, name), users in uses().items():
        assert len(set(users)) == len(users)
        assert (path, name) not in {(use.file.path, use.name) for use in users}


def test_a_user_is_called_by_its_module_a_package_by_its_folder() -> None:
    contract = BY_PATH["bbs/payments/__init__.py"]

    assert Use(contract, "confirm").label == "payments.confirm"
    assert Use(contract, "confirm").url == f"{contract.url}#{contract.slug}-confirm"
    assert Use(BY_PATH["bbs/views.py"], "index").label == "views.index"
