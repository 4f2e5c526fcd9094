"""A script's tokens."""

from __future__ import annotations

from stripe_scan.reading.javascript import read


def words(text: str) -> list[str]:
    return [token.text for token in read("a.js", text)[0].tokens]


def test_comments_are_no_tokens_and_texts_are_one_each() -> None:
    assert words("a /* b */ (\"c // d\", 'e') // f\n`g ${h}`") == ["a", "(", '"c // d"', ",", "'e'", ")", "`g ${h}`"]


def test_a_token_has_its_line_and_a_text_its_value() -> None:
    tokens = read("a.js", "a\n\n'b'", first_line=5)[0].tokens

    assert [(token.text, token.line) for token in tokens] == [("a", 5), ("'b'", 7)]
    assert tokens[1].is_text
    assert tokens[1].value == "b"


def test_what_is_commented_out_is_read_apart() -> None:
    live, dead = read("a.js", "a();\n/*\nstripe.createToken(b);\n*/")

    assert live.confidence == "high"
    assert dead.confidence == "low"
    assert [token.line for token in dead.tokens if token.text == "createToken"] == [3]


def test_arguments_end_with_their_bracket() -> None:
    script = read("a.js", "f(a, [b, (c)], {d: e}) + g")[0]

    assert "".join(token.text for token in script.arguments(1)) == "a,[b,(c)],{d:e}"
    assert script.follows(0, "f", "(")
    assert script.at(-1) == script.at(999) == ""


def test_arguments_of_a_bracket_that_stays_open_end_with_the_text() -> None:
    script = read("a.js", "f(a, [b")[0]

    assert "".join(token.text for token in script.arguments(1)) == "a,[b"
    assert script.arguments(0) == []


def test_a_comment_that_does_not_name_stripe_is_not_read() -> None:
    assert len(read("a.js", "/* createToken(b) */\n// pay();\na();")) == 1


def test_line_ends_of_windows_are_line_ends() -> None:
    assert [token.line for token in read("a.js", "a\r\n/* b\r\n*/ c")[0].tokens] == [1, 3]


def test_what_does_not_end_ends_with_its_line_or_the_text() -> None:
    assert words("'a\nb") == ["'a", "b"]
    assert words("/* a") == []
    assert words('"a\\') == ['"a', "\\"]
