"""The board's two forms: what may be written, and once."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from bbs.models import Topic
from tests.stage.stories import post_comment

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize("comment", ["", "   \r\n\t ", "x" * 2001, "a\x00b", "a\x07b", "a\x1bb", "�"])
def test_a_comment_that_cannot_be_posted_is_refused_beside_its_field_with_the_text_kept(client, comment: str) -> None:
    response = post_comment(client, comment)

    assert response.status_code == 400
    assert Topic.objects.count() == 0
    assert response.context["form"].errors["comment"]
    assert "invalid-feedback" in response.content.decode()
    assert response.context["form"]["comment"].value() == comment


def test_two_thousand_characters_of_japanese_are_not_too_many(client: Client) -> None:
    assert post_comment(client, "あ" * 2000).status_code == 302
    assert Topic.objects.get().comment == "あ" * 2000


def test_a_resubmitted_form_posts_once_and_another_text_from_it_is_not_lost(client: Client) -> None:
    form_id = uuid.uuid4()

    post_comment(client, "once", form_id)
    post_comment(client, "once", form_id)
    post_comment(client, "written after going back", form_id)

    assert list(Topic.objects.values_list("comment", flat=True)) == ["written after going back", "once"]


def test_the_same_words_in_two_forms_are_two_posts(client: Client) -> None:
    post_comment(client, "hello")
    post_comment(client, "hello")

    assert Topic.objects.count() == 2


def test_a_megabyte_of_comment_is_refused_with_a_form_error(client: Client) -> None:
    response = client.post("/", {"comment": "あ" * 350_000, "form_id": str(uuid.uuid4())})

    assert response.status_code == 400
    assert "the limit is 2000" in response.content.decode()


INVISIBLE = {
    "Hangul fillers": "\u115f\u1160\u3164\uffa0",
    "blank Braille pattern": "\u2800",
    "lone combining mark": "\u0301",
    "many lone marks": "\u0301\n\u0e31\u093e",
    "variation selectors": "\ufe0f\U000e0100\u180b",
    "grapheme joiner": "\u034f",
    "Khmer inherent vowels": "\u17b4\u17b5",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff",
    "soft hyphen": "\u00ad",
    "directions": "\u202e\u202c\u2066\u2069\u061c",
    "tags": "\U000e0041\U000e007f",
    "reserved as ignorable": "\u2065\ufff0\U000e0fff",
    "noncharacters": "\ufdd0\ufffe\U0010ffff",
    "null notehead": "\U0001d159",
    "blank hieroglyphs": "\U00013441\U00013442",
    "object replacement": "\ufffc",
    "private use": "\ue000",
    "wide spaces": "\u3000\u2003\u1680",
}
VISIBLE = {
    "emoji": "😀",
    "emoji with a selector": "❤️",
    "keycap": "1️⃣",
    "flag": "🇯🇵",
    "flag by tags": "🏴\U000e0067\U000e0062\U000e007f",
    "family": "👩\u200d👩\u200d👧",
    "emoji newer than Python": "\U0001faef",
    "Thai": "น้ำ",
    "Arabic with marks": "مَرْحَبًا",
    "Devanagari": "नमस्ते",
    "decomposed Vietnamese": "Tie\u0302\u0301ng Vie\u0323\u0302t",
    "Korean": "한",
    "decomposed Korean": "\u1112\u1161\u11ab",
    "Braille": "\u2801",
    "a full stop": ".",
    "Hebrew in an isolate": "\u2067שלום\u2069",
    "Japanese": "〜",
}


@pytest.mark.parametrize("comment", INVISIBLE.values(), ids=INVISIBLE)
def test_a_comment_that_shows_nothing_is_refused(client: Client, comment: str) -> None:
    response = post_comment(client, comment)

    assert response.status_code == 400
    assert response.context["form"].errors["comment"] == ["Please write something first."]
    assert Topic.objects.count() == 0


@pytest.mark.parametrize("comment", VISIBLE.values(), ids=VISIBLE)
def test_whatever_shows_something_is_posted_as_it_was_written(client: Client, comment: str) -> None:
    assert post_comment(client, comment).status_code == 302
    assert Topic.objects.get().comment == comment


@pytest.mark.parametrize(
    ("comment", "kept"),
    [
        ("one\ntwo\n\nthree", "one\ntwo\n\nthree"),
        ("one\n\n\n\ntwo", "one\n\ntwo"),
        ("one\r\n \r\n\u3164\r\n\u0301\r\n\u2800\r\ntwo", "one\n\ntwo"),
        ("  one\n    two", "one\n    two"),
        ("one" + "\n" * 1990 + "two", "one\n\ntwo"),
    ],
)
def test_of_several_blank_lines_one_is_kept(client: Client, comment: str, kept: str) -> None:
    post_comment(client, comment)

    assert Topic.objects.get().comment == kept
