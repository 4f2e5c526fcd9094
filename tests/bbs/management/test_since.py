"""The `--since` option: a date or a time, in the site's time zone."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from tests.stage.stories import run

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)


@pytest.mark.parametrize("since", ["yesterday", "2026-13-40", ""])
def test_a_since_that_is_no_date_is_refused(since: str) -> None:
    with pytest.raises(CommandError, match="neither a date"):
        run("check_books", f"--since={since}")
