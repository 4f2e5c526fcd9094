"""The files that the code pages show, and the addresses on them."""

from __future__ import annotations

import pytest

from compare.content import content
from compare.content.entries import LineOfCode
from compare.pages.files import BY_PATH, FILES, address_of_line, address_of_test


def test_every_file_is_found_by_its_path() -> None:
    assert list(BY_PATH.values()) == list(FILES) == list(content().files.files)


def test_a_line_has_its_address_on_the_page_of_its_file() -> None:
    written = "def index(request: HttpRequest) -> HttpResponse:"
    number = BY_PATH["bbs/views.py"].source.splitlines().index(written) + 1
    line = LineOfCode(id="x", era="all", path="bbs/views.py", function="index", line=written)

    assert address_of_line(line) == f"/compare/code/views/#views-L{number}"
    assert address_of_line(LineOfCode(id="x", era="all")) == ""


@pytest.mark.parametrize(
    ("test", "address"),
    [
        (
            "tests/compare/stories/test_old_code.py::test_an_old_line",
            "/compare/code/old-code-test/#old-code-test-test_an_old_line",
        ),
        (
            "tests/bbs/stories/test_contract.py::TestPaying::test_x",
            "/compare/code/contract-test/#contract-test-TestPaying",
        ),
        ("tests/test_run.py::test_x", ""),
    ],
)
def test_a_test_has_its_address_where_its_file_is_shown(test: str, address: str) -> None:
    assert address_of_test(test) == address
