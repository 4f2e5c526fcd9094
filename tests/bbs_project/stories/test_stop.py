"""A server that is stopped first sends the mails of what it has answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bbs_project.stage import served
from tests.stage import sites
from tests.stage.people import VISA, Visitor


@pytest.mark.parametrize("server", ["serve", "gunicorn"])
def test_it_ends_once_the_mails_that_wait_have_left(tmp_path: Path, server: str) -> None:
    mails = tmp_path / "mails"
    mails.mkdir()
    assert sites.manage(tmp_path, "setup")[0] == 0

    with served(tmp_path, server, PAYMENT_FLOW="legacy", EMAIL_URL=f"filemail:///{mails}") as (site, printed):
        visitor = Visitor(site, "en")
        order = {"order": visitor.see_order(), **visitor.enter_card(VISA)}
        answer = visitor.post("/checkout/", order, allow_redirects=False)

    assert answer.status_code == 303
    assert sum(file.read_text().count("Message-ID:") for file in mails.iterdir()) == 2
    assert "Traceback" not in printed.read_text()
