"""Topics: page after page, and none that is hidden."""

from __future__ import annotations

from itertools import chain

import pytest
from django.test import Client

from bbs.models import Topic

pytestmark = pytest.mark.django_db(databases="__all__")


def test_pages_hold_twenty_topics_and_lead_to_the_older_ones(client: Client) -> None:
    Topic.objects.bulk_create(Topic(comment=str(n)) for n in range(45))

    seen, address = [], "/"
    while address:
        page = client.get(address).context["page"]
        seen.append([topic.comment for topic in page.topics])
        address = f"/?before={page.older}" if page.older else None

    assert [len(comments) for comments in seen] == [20, 20, 5]
    assert list(chain.from_iterable(seen)) == [str(n) for n in reversed(range(45))]


def test_hidden_topics_are_not_shown(client: Client) -> None:
    Topic.objects.create(comment="hidden", hidden=True)

    assert client.get("/").context["page"].topics == []
