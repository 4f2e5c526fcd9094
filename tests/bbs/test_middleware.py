"""What every request passes."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from bbs.models import Topic

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.mark.parametrize("body", [b"comment=\xff\xfe&form_id=", b"\xff\xfe\x00", b"comment=%FF%FE&form_id="])
def test_bytes_that_are_not_utf8_are_refused(client: Client, body: bytes) -> None:
    body += str(uuid.uuid4()).encode()

    response = client.post("/", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 400
    assert Topic.objects.count() == 0
