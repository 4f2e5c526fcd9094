"""A page's tags and scripts."""

from __future__ import annotations

import time

import pytest

from stripe_scan.reading.pages import LONGEST_TAG, read


def attributes(text: str) -> dict[str, str]:
    return read("a.html", text)[0].tags[0].attributes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a b=\"c\" d='e' f=g h>", {"b": "c", "d": "e", "f": "g", "h": ""}),
        ('<a b="{% trans "c" %}" d="e">', {"b": '{% trans "c" %}', "d": "e"}),
        ('<a {% if b > c %}d="e"{% endif %}>', {"d": "e"}),
        ('<a b="{{ c|default:">" }}">', {"b": '{{ c|default:">" }}'}),
        ("<a b=''>", {"b": ""}),
        ("<A B='c'>", {"b": "c"}),
        ('<a\n  b\n  =\n  "c">', {"b": "c"}),
    ],
)
def test_attributes_are_read_with_templates_tags_in_them(text: str, expected: dict[str, str]) -> None:
    assert attributes(text) == expected


def test_scripts_have_their_lines_and_data_is_none() -> None:
    page = read("a.html", '<p>\n<script>\na\n</script><script type="application/json">b</script>')[0]

    assert [(token.text, token.line) for script in page.scripts for token in script.tokens] == [("a", 3)]


def test_a_handler_is_a_script() -> None:
    page = read("a.html", '<p>\n<a onclick="stripe.go()">')[0]

    assert [token.text for token in page.scripts[0].tokens][:3] == ["stripe", ".", "go"]
    assert page.scripts[0].tokens[0].line == 2


@pytest.mark.parametrize("comment", ["<!--\n{}\n-->", "{{#\n{}\n#}}", "{{% comment %}}\n{}\n{{% endcomment %}}"])
def test_what_is_commented_out_is_a_page_apart(comment: str) -> None:
    live, dead = read("a.html", "<b>" + comment.format('<script src="stripe">') + "<i>")

    assert [tag.name for tag in live.tags] == ["b", "i"]
    assert [(tag.name, tag.line) for tag in dead.tags] == [("script", 2)]
    assert (live.confidence, dead.confidence) == ("high", "medium")


def test_a_comment_in_a_script_is_the_scripts() -> None:
    (page,) = read("a.html", "<script><!--\nstripe.a()\n--></script>")

    assert "stripe" in [token.text for token in page.scripts[0].tokens]


def test_a_page_without_tags_is_a_script() -> None:
    assert read("a.html", "stripe.a();")[0].scripts[0].tokens[0].text == "stripe"


@pytest.mark.parametrize("text", ["<a ", "<a b='", "<!--", "{#", "<script>", "<a {%", "<" * 5, "{{<a b={{"])
def test_what_does_not_end_takes_linear_time(text: str) -> None:
    begun = time.process_time()

    read("a.html", text * (200_000 // len(text)))

    # No measurement: the longest takes a second, and with the square of its length it would take minutes.
    assert time.process_time() - begun < 30


def test_a_tag_has_a_length() -> None:
    page = read("a.html", "<a " + "x" * LONGEST_TAG + "<b>")[0]

    assert [tag.name for tag in page.tags] == ["a"] or page.tags[-1].name == "b"
