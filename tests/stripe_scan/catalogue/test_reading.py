"""What is wrong in the catalogue's files is said, all of it, with the place and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from stripe_scan.catalogue.reading import CatalogueError, read

GOOD = """
[[pattern]]
id = "charge-create"
title.en = "a charge"
title.ja = "Charge"
looks_like = "stripe.Charge.create()"
languages = ["py"]
kind = "source"
repositories = 20
sites = 25
auto = "M"
step = "modern"
sources = ["https://docs.stripe.com/"]
match = { call = "Charge.create", deep = { any = [1] } }
"""


def problems(folder: Path, text: str) -> list[str]:
    (folder / "charges.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read(folder)
    assert str(caught.value).startswith("the catalogue of old code has mistakes:\n  char")
    return list(caught.value.problems)


def test_an_entry_is_read_with_the_scanners_table(tmp_path: Path) -> None:
    (tmp_path / "charges.toml").write_text(GOOD, encoding="utf-8")

    (pattern,) = read(tmp_path).patterns

    assert (pattern.id, pattern.title.ja, pattern.languages) == ("charge-create", "Charge", ("py",))
    assert pattern.match == {"call": "Charge.create", "deep": {"any": [1]}}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'id = "charge-create"',
            'id = "Charge create"',
            "charges.toml, Charge create: id is 'Charge create': write",
        ),
        ('id = "charge-create"', "", "charges.toml, an entry without an id: id is missing: write a text"),
        ('title.ja = "Charge"', "", "charges.toml, charge-create: title.ja is missing: write a text"),
        ('title.ja = "Charge"', 'title.ja = " "', "charges.toml, charge-create: title.ja is ' ': write a text"),
        ('["py"]', '["py", "perl"]', "languages[1] is 'perl': write one of 'py', 'html', 'js', 'req', 'other'"),
        ('["py"]', '"py"', "languages is 'py': write a list in which each item is one of 'py', "),
        ("sites = 25", "sites = true", "sites is True: write a whole number"),
        ("sites = 25", 'sites = 25\nsite = "x"', "site is no field: write one of id, title, "),
        ('auto = "M"', 'auto = "B"', "auto is 'B': write one of 'A', 'S', 'M', ''"),
        ('step = "modern"', 'step = "7"', "step is '7': write one of 'take-stock', 'raise-sdk', "),
        ('step = "modern"', 'step = "modern"\ntoday = "x"', "today is 'x': write a table"),
        ('sources = ["https://docs.stripe.com/"]', "", "it has no source and no example that was run: add one"),
        ("sites = 25", "sites = 25\ninside = false", "it is outside our part: say in elsewhere where to go on"),
        ("match = {", "match = 1 # {", "match is 1: write a table"),
        ("sites = 25", "sites = ", "charges.toml: Invalid value"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(tmp_path: Path, old: str, new: str, said: str) -> None:
    (problem,) = problems(tmp_path, GOOD.replace(old, new))

    assert said in problem


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ('basis = "run"', "a version that was run names the releases in sdk, and no other does"),
        ('basis = "reported"\nsdk = ["5.5.0"]', "a version that was run names the releases in sdk, and no other does"),
        ('basis = "changelog"\nanswer = "x"', "a changelog has no answers: describe in text what it says"),
        ('basis = "rumour"', "example[0].version[0].basis is 'rumour': write one of 'run', 'changelog', 'reported'"),
    ],
)
def test_what_other_versions_answer_says_how_it_is_known(tmp_path: Path, version: str, said: str) -> None:
    text = "text = { en = 'a', ja = 'あ' }\nversions = { en = 'a', ja = 'あ' }"
    example = '[[pattern.example]]\nbefore = "a"\nafter = "b"\nspeaker = "sdk"\n[[pattern.example.version]]'

    assert problems(tmp_path, f"{GOOD}{example}\n{text}\n{version}\n") == [f"charges.toml, charge-create: {said}"]


def test_all_mistakes_are_named_at_once_and_ids_are_unique(tmp_path: Path) -> None:
    twice = problems(tmp_path, GOOD + GOOD)
    more = problems(tmp_path, GOOD.replace("20", '"x"').replace("25", '"y"'))

    assert twice == ["charge-create: 2 entries have this id"]
    assert len(more) == 2


RELEASE = """
[[release]]
major = 15
released = "2026-03-25"
api = "2026-03-25.dahlia"
[[release.change]]
text = { en = "An object is no dict.", ja = "dict ではありません。" }
old = "charge.get('id')"
message = "AttributeError: get"
basis = "run"
sdk = ["15.0.0"]
before = ["14.4.1"]
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'before = ["14.4.1"]',
            "",
            "charges.toml, 15: a change that was run has old, sdk and before, and no other does",
        ),
        (
            'basis = "run"',
            'basis = "changelog"',
            "charges.toml, 15: a change that was run has old, sdk and before, and",
        ),
        ("[[release]]", "[[releases]]", "charges.toml: releases is no table: write one of pattern, release"),
    ],
)
def test_what_a_release_breaks_says_how_it_is_known(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = RELEASE if new != "[[releases]]" else RELEASE.replace("[release.", "[releases.")
    assert problems(tmp_path, text.replace(old, new))[0].startswith(said)


def test_what_was_not_run_has_a_source(tmp_path: Path) -> None:
    unfounded = RELEASE.replace('sdk = ["15.0.0"]\nbefore = ["14.4.1"]\n', "").replace("run", "changelog")

    assert problems(tmp_path, unfounded) == ["charges.toml, 15: a change that was not run has a source: add it"]
