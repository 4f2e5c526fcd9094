"""What a visitor sees last: the kind of page, and what it says."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from compare.content import content
from compare.lab.shops import SiteShop, shop_of
from compare.lab.tape import start
from compare.lab.visitors import Legacy, Modern, Sight

RUNG = shop_of(content().ladder.rungs[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shop", "path", "status", "page", "sight"),
    [
        (SiteShop(), "/", 200, "<h1>Board</h1>", Sight("board", "Board")),
        (SiteShop(), "/success/", 200, '<h1 class="h3">It\n <b>arrived</b></h1>', Sight("page", "It arrived")),
        (
            SiteShop(),
            "/checkout/",
            503,
            "<h1>No Stripe</h1>",
            Sight("message", "No Stripe"),
        ),
        (SiteShop(), "/checkout/", 500, "<h1>Oh</h1>", Sight("error", "Oh")),
        (RUNG, "/", 200, "<title>Board</title><p>Your card &amp; you</p>", Sight("message", "Your card & you")),
        (RUNG, "/", 200, "<title>Board</title>", Sight("board")),
        (RUNG, "/checkout/", 500, "", Sight("error")),
    ],
)
def test_a_page_is_of_a_kind_and_says_something(
    shop: SiteShop, path: str, status: int, page: str, sight: Sight
) -> None:
    visitor = Legacy(shop, start(), "legacy", "en")

    assert visitor._sight_of(HttpResponse(page, status=status), path) == sight


def test_a_closed_tab_shows_nothing_and_a_form_that_leads_nowhere_is_not_paid() -> None:
    visitor = Modern(RUNG, start(), "modern", "en")

    visitor.finish("/")
    visitor.come_back()
    visitor.close_tab()

    assert (visitor.back, visitor.sight) == ("", Sight("nothing"))
