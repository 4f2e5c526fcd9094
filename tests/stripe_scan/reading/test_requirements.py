"""The packages that a project asks for."""

from __future__ import annotations

import pytest

from stripe_scan.reading.requirements import apart, normal, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stripe==2.0", ("stripe", "==2.0")),
        ("Stripe [async] >= 2, < 3 ; python_version > '3'", ("stripe", ">= 2, < 3")),
        ("stripe (>=2)", ("stripe", ">=2")),
        ("dj_stripe", ("dj-stripe", "")),
        ("stripe==2.0 # why", ("stripe", "==2.0")),
    ],
)
def test_a_requirement_is_a_name_and_versions(text: str, expected: tuple[str, str]) -> None:
    assert apart(text) == expected


def packages(path: str, text: str) -> list[tuple[str, str, int]]:
    return [(one.name, one.versions, one.line) for one in read(path, text).packages if one.name == "stripe"]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("requirements.txt", "# a\nstripe==2.0 --hash=sha256:1\n-r b.txt\n", ("stripe", "==2.0", 2)),
        ("environment.yml", "dependencies:\n  - stripe=2.0\n", ("stripe", "=2.0", 2)),
        ("uv.lock", 'version = 1\n[[package]]\nname = "stripe"\nversion = "2.0"\n', ("stripe", "==2.0", 3)),
        ("Pipfile.lock", '{"default": {\n"stripe": {\n"version": "==2.0"\n}}}', ("stripe", "==2.0", 2)),
        ("Pipfile", 'stripe = "*"\n', ("stripe", "", 1)),
        ("pyproject.toml", 'stripe = "2.0"\n', ("stripe", "==2.0", 1)),
        ("setup.cfg", "[options]\ninstall_requires =\n  stripe<3\n", ("stripe", "<3", 3)),
        ("setup.py", "setup(install_requires=['stripe~=2.0'])", ("stripe", "~=2.0", 1)),
    ],
)
def test_every_kind_of_file_is_read(path: str, text: str, expected: tuple[str, str, int]) -> None:
    assert packages(path, text) == [expected]


def test_names_are_compared_as_the_index_does() -> None:
    assert normal(" Dj_Stripe.X ") == "dj-stripe-x"
