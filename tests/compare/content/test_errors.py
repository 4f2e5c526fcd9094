"""A mistake says in which file and entry it is; an error lists them all."""

from __future__ import annotations

from compare.content.errors import ContentError, Problem


def test_a_problem_names_its_file_and_the_entry_if_there_is_one() -> None:
    assert str(Problem("flows.toml", "legacy-paid", "do this.")) == "flows.toml, legacy-paid: do this."
    assert str(Problem("flows.toml", "", "do that.")) == "flows.toml: do that."


def test_an_error_counts_its_problems_and_lists_each_on_a_line() -> None:
    problems = [Problem("a.toml", "one", "do this."), Problem("b.toml", "", "do that.")]

    error = ContentError(problems)

    assert error.problems == tuple(problems)
    assert str(error).splitlines() == [
        "mistakes in compare/content/: 2",
        "  a.toml, one: do this.",
        "  b.toml: do that.",
    ]
