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
    assert "2000 are the most" in response.content.decode()
