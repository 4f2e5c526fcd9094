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

    (pattern,) = read(tmp_path)

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
        ("match = {", "match = 1 # {", "match is 1: write a table"),
        ("sites = 25", "sites = ", "charges.toml: Invalid value"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(tmp_path: Path, old: str, new: str, said: str) -> None:
    (problem,) = problems(tmp_path, GOOD.replace(old, new))

    assert said in problem


def test_all_mistakes_are_named_at_once_and_ids_are_unique(tmp_path: Path) -> None:
    twice = problems(tmp_path, GOOD + GOOD)
    more = problems(tmp_path, GOOD.replace("20", '"x"').replace("25", '"y"'))

    assert twice == ["charge-create: 2 entries have this id"]
    assert len(more) == 2
