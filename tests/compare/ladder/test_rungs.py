"""The same stories on every rung: `ladder.toml` says which of them each one fails, and it fails these and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
import stripe
from django.db import connection

from bbs.models import Product
from bbs.payments.client import MAX_NETWORK_RETRIES
from compare.content import content
from compare.content.entries import LadderStory, Rung
from compare.ladder.rungs.models import Order
from tests.compare.stage.ladder import (
    ASKS_THE_BANK,
    DECLINED,
    DISPUTED,
    Legacy,
    Modern,
    RungShop,
    Shop,
    SiteShop,
    deliver,
    taken,
)
from tests.stage.stripe_side import order_fault

pytestmark = pytest.mark.django_db(databases="__all__")
VOUCHER_LAPSED = 60 * 60 * 24 * 8  # seconds


class Failed(Exception):
    """The story ended otherwise than a shop owner must expect."""


def expect(found: object, wanted: object) -> None:
    if found != wanted:
        raise Failed(f"{found!r} is not {wanted!r}")


def expect_all_is_paid(shop: Shop, amounts: list[int]) -> None:
    """Stripe took these amounts, and so say the books."""
    expect((taken(), shop.books()), (amounts, amounts))


def price(shop: Shop) -> int:
    return 2000 if isinstance(shop, SiteShop) else 30000


def paid(shop: Shop, visitor: Legacy | Modern) -> None:
    visitor.pay(shop.form())
    deliver(shop)
    expect_all_is_paid(shop, [price(shop)])


def amount_changed(shop: Shop, visitor: Legacy | Modern) -> None:
    visitor.pay(shop.form() | {"amount": "1", "unit_amount": "1"})
    deliver(shop)
    expect_all_is_paid(shop, [price(shop)])


def declined_then_paid(shop: Shop, visitor: Legacy | Modern) -> None:
    form = shop.form()
    visitor.pay(form, DECLINED)
    deliver(shop)
    expect_all_is_paid(shop, [])
    visitor.pay(form)
    deliver(shop)
    expect_all_is_paid(shop, [price(shop)])


def tab_closed(shop: Shop, visitor: Legacy | Modern) -> None:
    visitor.pay_and_close(shop.form())
    deliver(shop)
    expect_all_is_paid(shop, [price(shop)])


def reloaded(shop: Shop, visitor: Legacy | Modern) -> None:
    visitor.pay(shop.form())
    visitor.reload()
    deliver(shop)
    expect_all_is_paid(shop, [price(shop)])


def paid_again(shop: Shop, visitor: Legacy | Modern) -> None:
    form = shop.form()
    visitor.pay(form)
    visitor.pay(form)
    deliver(shop)
    expect_all_is_paid(shop, [price(shop)])


def answer_lost(shop: Shop, visitor: Legacy | Modern) -> None:
    form = shop.form()
    visitor.pay(form, misfortune=lambda: order_fault("timeout_after", 1 + MAX_NETWORK_RETRIES))
    deliver(shop)
    expect(shop.books(), taken())
    if not taken():
        visitor.pay(form)
        deliver(shop)
    expect_all_is_paid(shop, [price(shop)])


def three_d_secure(shop: Shop, visitor: Legacy | Modern) -> None:
    visitor.pay(shop.form(), ASKS_THE_BANK)
    deliver(shop)
    expect_all_is_paid(shop, [price(shop)])


def webhook_twice(shop: Shop, visitor: Legacy | Modern) -> None:
    visitor.pay_and_close(shop.form())
    deliveries = deliver(shop)
    visitor.reload()
    shop.notify(deliveries)
    expect_all_is_paid(shop, [price(shop)])


def forged_webhook(shop: Shop, visitor: Legacy | Modern) -> None:
    visitor.pay(shop.form(), DECLINED)
    body = b'{"id": "evt_1", "object": "event", "type": "charge.succeeded", "data": {"object": {}}}'
    shop.notify([(body, {"Stripe-Signature": "t=1,v1=00"}), (body, {})])
    expect_all_is_paid(shop, [])


def other_money(shop: Shop, visitor: Legacy | Modern) -> None:
    form = shop.form()
    named = shop.naming(form)
    if isinstance(visitor, Modern):
        visitor.press(form)
        item = {"price_data": {"currency": "jpy", "unit_amount": 50, "product_data": {"name": "?"}}, "quantity": 1}
        session = stripe.checkout.Session.create(
            mode="payment", line_items=[item], success_url="http://localhost/success/", metadata=named,
            client_reference_id=next(iter(named.values()), "none"), payment_intent_data={"metadata": named},
        )  # fmt: skip
        other = Modern(shop)
        other.press = lambda form: session.url
        other.pay_and_close(form)
    else:
        visitor.pay(form, DECLINED)
        stripe.Charge.create(amount=50, currency="jpy", source="tok_visa", metadata=named)
    deliver(shop)
    expect(shop.books(), [])


def refunded(shop: Shop, visitor: Legacy | Modern) -> None:
    visitor.pay(shop.form())
    deliver(shop)
    (charge,) = stripe.Charge.list().data
    stripe.Refund.create(charge=charge.id, amount=500)
    deliver(shop)
    expect_all_is_paid(shop, [price(shop) - 500])


def disputed(shop: Shop, visitor: Legacy | Modern) -> None:
    visitor.pay(shop.form(), DISPUTED)
    deliver(shop, ahead=60)
    expect(shop.disputed(), 1)


def forged_return(shop: Shop, visitor: Modern) -> None:
    visitor.press(shop.form())
    (session,) = stripe.checkout.Session.list().data
    shop.ask("GET", f"/success/?session_id={session.id}")
    deliver(shop)
    expect_all_is_paid(shop, [])


def konbini_later(shop: Shop, visitor: Modern) -> None:
    visitor.pay(shop.form(), paymentMethod="konbini")
    deliver(shop)
    expect_all_is_paid(shop, [])
    deliver(shop, ahead=300)
    expect_all_is_paid(shop, [price(shop)])


def konbini_never(shop: Shop, visitor: Modern) -> None:
    visitor.pay(shop.form(), paymentMethod="konbini", email="fill_never@example.com")
    deliver(shop)
    deliver(shop, ahead=VOUCHER_LAPSED)
    expect_all_is_paid(shop, [])


Story = Callable[[Shop, Legacy | Modern], None]
STORIES: dict[str, Story] = {
    "paid": paid,
    "amount-changed": amount_changed,
    "declined-then-paid": declined_then_paid,
    "tab-closed": tab_closed,
    "reloaded": reloaded,
    "paid-again": paid_again,
    "answer-lost": answer_lost,
    "three-d-secure": three_d_secure,
    "webhook-twice": webhook_twice,
    "forged-webhook": forged_webhook,
    "other-money": other_money,
    "refunded": refunded,
    "disputed": disputed,
    "forged-return": forged_return,
    "konbini-later": konbini_later,
    "konbini-never": konbini_never,
}


@pytest.fixture
def shop_of(settings, products: dict[str, Product]) -> Callable[[Rung], Shop]:
    """Open the shop of a rung, with a table for its orders as long as a test lasts."""
    settings.STRIPE_WEBHOOK_SECRET = settings.STRIPE_WEBHOOK_SECRETS[0]
    with connection.cursor() as cursor:
        cursor.execute(*connection.schema_editor().table_sql(Order))
    return lambda rung: (
        SiteShop(rung.flow) if rung.is_site else RungShop(rung.path.removesuffix(".py").replace("/", "."))
    )


LADDER = content().ladder
PLAYED = [(rung, story) for rung in LADDER.rungs for story in LADDER.stories_of(rung.flow)]


def played() -> Iterator[object]:
    """Yield each rung with each of its stories; on PostgreSQL and other versions each fifth, all rungs and stories."""
    for number, (rung, story) in enumerate(PLAYED):
        marks = [pytest.mark.once if number % 5 else pytest.mark.postgresql]
        yield pytest.param(rung, story, marks=marks, id=f"{rung.id}-{story.id}")


@pytest.mark.parametrize(("rung", "story"), list(played()))
def test_a_rung_fails_the_stories_that_it_is_said_to_fail_and_no_others(
    rung: Rung, story: LadderStory, shop_of: Callable[[Rung], Shop]
) -> None:
    shop = shop_of(rung)
    visitor = Legacy(shop) if rung.flow == "legacy" else Modern(shop)

    try:
        STORIES[story.id](shop, visitor)
    except Failed:
        failed = True
    else:
        failed = False

    assert failed == (story.id in rung.fails)


def test_each_story_is_played_and_no_rung_fails_more_of_them_than_the_one_below() -> None:
    assert [story.id for story in LADDER.stories] == list(STORIES)
    for flow in ("legacy", "modern"):
        rungs = LADDER.rungs_of(flow)
        assert 4 <= len(rungs) <= 6
        assert all(len(above.fails) <= len(below.fails) for below, above in pairwise(rungs))
        assert set(rungs[-1].fails) < set(rungs[0].fails)
