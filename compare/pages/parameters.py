"""Where each option of checkout.js and each parameter of `Charge.create` went, with examples that are run by a test."""

from __future__ import annotations

from dataclasses import dataclass

from compare.pages import sources
from compare.pages.text import Claim, Text

HERE = "tests/compare/pages/test_parameters.py"
RUNS = f"{HERE}::test_an_example_is_accepted_and_does_what_it_says"
KNOWN = f"{HERE}::test_where_a_parameter_went_is_one_that_the_sdk_knows"
NOT_THERE = f"{HERE}::test_what_is_gone_has_no_parameter_of_its_name"
CONTRACT = "tests/bbs/payments/test_contract.py::TestBothFlows"
LEGACY_TEST = "tests/bbs/payments/test_legacy.py"
MODERN_TEST = "tests/bbs/payments/test_modern.py"

PARAMETER, CODE, SETTING, GONE = "parameter", "code", "setting", "gone"
FATES = {
    PARAMETER: Text("parameter", "パラメーター"),
    CODE: Text("your code", "自分のコード"),
    SETTING: Text("setting", "設定"),
    GONE: Text("gone", "廃止"),
}


@dataclass(frozen=True)
class Row:
    """One old option and what became of it.

    `old` is how it was written; `new` is how it is written in the `params` of `checkout.sessions.create`.
    `shows` are statements that hold once both examples were run; the sandbox does not play a row without any.
    """

    name: str
    old: str
    fate: str
    where: Claim
    new: str = ""
    shows: tuple[str, ...] = ()
    trap: Claim | None = None

    @property
    def slug(self) -> str:
        return self.name.replace("…", "").replace("_", "-")

    @property
    def fate_text(self) -> Text:
        return FATES[self.fate]

    @property
    def words(self) -> str:
        """All that is searched for a word: the row in both languages, in small letters."""
        texts = [self.fate_text, *(claim.text for claim in (self.where, self.trap) if claim)]
        return " ".join([self.name, self.old, self.new, *self.shows, *(f"{t.en} {t.ja}" for t in texts)]).lower()


@dataclass(frozen=True)
class Group:
    """The options of one place."""

    slug: str
    title: Text
    language: str
    rows: tuple[Row, ...]


def _to(en: str, ja: str, *tests: str, source: tuple[str, ...] = ()) -> Claim:
    return Claim(Text(en, ja), source, tests or (() if source else (KNOWN,)))


CHECKOUT_JS = (
    Row(
        "key",
        'data-key="pk_test_…"',
        GONE,
        _to(
            "Not needed: a redirect uses no publishable key.",
            "不要です。リダイレクトは公開可能キーを使いません。",
            "tests/browser/test_paying.py::test_modern_works_without_scripts",
        ),
    ),
    Row(
        "token",
        "token: (token, args) => { … }",
        CODE,
        _to(
            "No token comes back. The visitor returns to `success_url`, and the webhook brings the result.",
            "トークンは返りません。お客様は `success_url` に戻り、結果は webhook で届きます。",
            RUNS,
        ),
        '"success_url": "https://shop.example/success?session_id={CHECKOUT_SESSION_ID}"',
        ('"{CHECKOUT_SESSION_ID}" in session.success_url',),
        _to(
            "Whoever opens that address has proved nothing.",
            "このアドレスを開いただけでは、支払いの証拠になりません。",
            f"{MODERN_TEST}::test_coming_back_unpaid_shows_the_receipt_in_its_true_state",
            source=(sources.SUCCESS_IS_NO_PROOF,),
        ),
    ),
    Row(
        "image",
        'data-image="/shirt.png"',
        PARAMETER,
        _to("A picture of the product, by its address.", "商品の画像で、アドレスで指定します。", RUNS),
        '"line_items": [{"price_data": {"product_data": {"images": ["https://shop.example/shirt.png"]}}}]',
        ('item.price.product.images == ["https://shop.example/shirt.png"]',),
    ),
    Row(
        "name",
        'data-name="My shop"',
        PARAMETER,
        _to(
            "The shop's name: the account's, unless the session gives another.",
            "店の名前です。Session で指定しなければアカウントの名前になります。",
        ),
        '"branding_settings": {"display_name": "My shop"}',
    ),
    Row(
        "description",
        'data-description="Cotton"',
        PARAMETER,
        _to("Describes each product, under its name.", "商品ごとの説明で、商品名の下に出ます。", RUNS),
        '"line_items": [{"price_data": {"product_data": {"name": "T-shirt", "description": "Cotton"}}}]',
        ('item.price.product.description == "Cotton"',),
    ),
    Row(
        "amount",
        'data-amount="2000"',
        PARAMETER,
        _to("Price of one, times `quantity`.", "1個の価格です。`quantity` が掛けられます。", RUNS),
        '"line_items": [{"price_data": {"unit_amount": 2000}, "quantity": 2}]',
        ("session.amount_total == 4000",),
        _to(
            "The old one was shown only, never charged: the server had to say the amount again.",
            "以前のものは表示だけで、課金には使われませんでした。サーバーで改めて金額を指定する必要がありました。",
            f"{CONTRACT}::test_what_the_browser_says_of_the_price_is_not_listened_to",
            source=(sources.LEGACY_CHECKOUT,),
        ),
    ),
    Row(
        "locale",
        'data-locale="auto"',
        PARAMETER,
        _to(
            "The same word, and `auto` again follows the browser.",
            "同じ名前です。`auto` でブラウザーに従うのも同じです。",
            RUNS,
        ),
        '"locale": "ja"',
        ('session.locale == "ja"',),
        _to(
            "Left out, checkout.js spoke English; left out, Stripe's page follows the browser.",
            "省略すると、checkout.js では英語になりました。Stripe のページではブラウザーの言語に従います。",
            source=(sources.LEGACY_CHECKOUT, sources.SESSION_CREATE),
        ),
    ),
    Row(
        "zipCode",
        'data-zip-code="true"',
        GONE,
        _to(
            "No parameter of its own; `billing_address_collection` asks for the whole address.",
            "専用のパラメーターはありません。`billing_address_collection` で住所全体を尋ねます。",
            NOT_THERE,
        ),
    ),
    Row(
        "billingAddress",
        'data-billing-address="true"',
        PARAMETER,
        _to("Two values instead of true and false.", "true / false ではなく二つの値から選びます。", RUNS),
        '"billing_address_collection": "required"',
        ('session.billing_address_collection == "required"',),
    ),
    Row(
        "currency",
        'data-currency="jpy"',
        PARAMETER,
        _to("With the price of each line.", "明細ごとの価格と一緒に指定します。", RUNS),
        '"line_items": [{"price_data": {"currency": "jpy"}}]',
        ('session.currency == "jpy"',),
        _to(
            "Left out, checkout.js showed dollars. Today it is required.",
            "省略すると checkout.js はドルで表示しました。今は必須です。",
            f"{HERE}::test_a_price_without_a_currency_is_refused",
            source=(sources.YEN_DEFAULT_USD,),
        ),
    ),
    Row(
        "panelLabel",
        'data-panel-label="Pay {{amount}}"',
        PARAMETER,
        _to(
            "The button on Stripe's page, as one of five words.",
            "Stripe のページのボタンです。五つの語から選びます。",
            RUNS,
        ),
        '"submit_type": "pay"',
        ('session.submit_type == "pay"',),
        _to(
            "A text of your own is refused.",
            "自由な文言は受け付けられません。",
            f"{HERE}::test_a_button_text_of_ones_own_is_refused",
        ),
    ),
    Row(
        "shippingAddress",
        'data-shipping-address="true"',
        PARAMETER,
        _to("Now with the countries you ship to.", "発送できる国を挙げて指定します。"),
        '"shipping_address_collection": {"allowed_countries": ["JP"]}',
    ),
    Row(
        "email",
        'data-email="hanako@example.com"',
        PARAMETER,
        _to("Filled in on Stripe's page.", "Stripe のページに入力済みで出ます。", RUNS),
        '"customer_email": "hanako@example.com"',
        ('session.customer_email == "hanako@example.com"',),
        _to(
            "Not together with `customer`.",
            "`customer` と同時には指定できません。",
            f"{HERE}::test_an_address_and_a_customer_together_are_refused",
        ),
    ),
    Row(
        "label",
        'data-label="Buy"',
        CODE,
        _to(
            "The button on our page is our own HTML now.",
            "自サイトのボタンは、自分で書く HTML になりました。",
            "tests/browser/test_paying.py::test_modern_works_without_scripts",
        ),
    ),
    Row(
        "allowRememberMe",
        'data-allow-remember-me="false"',
        GONE,
        _to("No parameter of its name.", "この名前のパラメーターはありません。", NOT_THERE),
    ),
    Row(
        "bitcoin",
        'data-bitcoin="true"',
        GONE,
        _to("No parameter of its name.", "この名前のパラメーターはありません。", NOT_THERE),
    ),
    Row(
        "alipay",
        'data-alipay="auto"',
        SETTING,
        _to(
            "Ways to pay are switched on in the Dashboard; a session can narrow them.",
            "支払い方法は Dashboard で有効にします。Session では絞り込めます。",
            RUNS,
            source=(sources.METHOD_TYPES_SESSION,),
        ),
        '"allowed_payment_method_types": ["card"]',
        ('session.payment_method_types == ["card"]',),
        _to(
            "`payment_method_types` is still in the answer, and refused in the request.",
            "`payment_method_types` は、答えには残っていますが、リクエストでは拒否されます。",
            f"{HERE}::test_payment_method_types_are_answered_and_not_taken",
            source=(sources.METHOD_TYPES_SESSION,),
        ),
    ),
    Row(
        "alipayReusable",
        'data-alipay-reusable="true"',
        GONE,
        _to("No parameter of its name.", "この名前のパラメーターはありません。", NOT_THERE),
    ),
    Row(
        "opened",
        "opened: () => { … }",
        GONE,
        _to(
            "Nothing opens over our page any more.",
            "自サイトの上に開くものがなくなりました。",
            f"{MODERN_TEST}::test_the_button_leads_to_stripes_page_by_a_303",
        ),
    ),
    Row(
        "closed",
        "closed: () => { … }",
        PARAMETER,
        _to("The way back on Stripe's page.", "Stripe のページの「戻る」の行き先です。", RUNS),
        '"cancel_url": "https://shop.example/canceled"',
        ('session.cancel_url == "https://shop.example/canceled"',),
        _to(
            "Visited by who goes back, not by who closes the tab: that one is told by `checkout.session.expired`.",
            "「戻る」を押した人だけが訪れます。タブを閉じた人のことは `checkout.session.expired` で分かります。",
            f"{MODERN_TEST}::test_an_expired_session_is_told_and_ordering_again_is_a_click_away",
        ),
    ),
)

POSTED = (
    Row(
        "stripeToken",
        'request.POST["stripeToken"]',
        CODE,
        _to(
            "No card comes to the server; the session's id comes back in the address and in the event.",
            "カードに関するものはサーバーに届きません。Session の ID がアドレスとイベントで返ってきます。",
            RUNS,
        ),
        '"client_reference_id": "order-7"',
        ('paid.client_reference_id == "order-7"', 'paid.payment_status == "paid"'),
    ),
    Row(
        "stripeTokenType",
        'request.POST["stripeTokenType"]',
        CODE,
        _to("Read it from the charge.", "Charge から読みます。", RUNS),
        "",
        ('paid.payment_intent.latest_charge.payment_method_details.type == "card"',),
    ),
    Row(
        "stripeEmail",
        'request.POST["stripeEmail"]',
        CODE,
        _to("Read it from the session.", "Session から読みます。", RUNS),
        "",
        ('paid.customer_details.email == "hanako@example.com"',),
        _to(
            "`customer_email` is only what you filled in.",
            "`customer_email` は、こちらで入力した値にすぎません。",
            RUNS,
        ),
    ),
    Row(
        "stripeBilling…",
        'request.POST["stripeBillingName"]',
        CODE,
        _to("Read it from the session.", "Session から読みます。", RUNS),
        "",
        ('paid.customer_details.name == "Hanako"',),
    ),
    Row(
        "stripeShipping…",
        'request.POST["stripeShippingName"]',
        CODE,
        _to(
            "Read it from the session's `collected_information.shipping_details`.",
            "Session の `collected_information.shipping_details` から読みます。",
            f"{HERE}::test_a_session_has_a_place_for_the_shipping_address",
        ),
    ),
)

CHARGE_CREATE = (
    Row(
        "amount",
        "amount=2000",
        PARAMETER,
        _to("Price of one, times `quantity`.", "1個の価格です。`quantity` が掛けられます。", RUNS),
        '"line_items": [{"price_data": {"unit_amount": 2000}, "quantity": 1}]',
        ("charge.amount == 2000", "session.amount_total == 2000"),
        _to(
            "A whole number of the smallest unit, as before: ¥2,000 is 2000, and times 100 is ¥200,000.",
            "以前と同じく最小単位の整数です。¥2,000 は 2000 で、100倍すると ¥200,000 になります。",
            source=(sources.ZERO_DECIMAL, sources.YEN_TIMES_100),
        ),
    ),
    Row(
        "currency",
        'currency="jpy"',
        PARAMETER,
        _to("With the price of each line.", "明細ごとの価格と一緒に指定します。", RUNS),
        '"line_items": [{"price_data": {"currency": "jpy"}}]',
        ('charge.currency == "jpy"', 'session.currency == "jpy"'),
        _to(
            "All lines of a session share one currency.",
            "1つの Session の明細は、すべて同じ通貨です。",
            "tests/sandbox/test_refusals.py::test_it_is_refused_as_stripe_refuses_it",
        ),
    ),
    Row(
        "source",
        'source="tok_visa"',
        GONE,
        _to(
            "The card is entered on Stripe's page.",
            "カードは Stripe のページで入力されます。",
            NOT_THERE,
        ),
        trap=_to(
            "A token works once, even for a decline.",
            "トークンは、拒否された場合でも1回しか使えません。",
            "tests/sandbox/test_refusals.py::test_a_token_is_good_for_one_charge_even_a_declined_one",
            source=(sources.SPENT_AFTER_DECLINE,),
        ),
    ),
    Row(
        "customer",
        "customer=customer.id",
        PARAMETER,
        _to("The same.", "同じです。", RUNS),
        '"customer": customer.id',
        ("charge.customer == customer.id", "session.customer == customer.id"),
        _to(
            "Without it `session.customer` stays null for guests, also when they have paid.",
            "指定しなければ、ゲストの `session.customer` は支払い後も null です。",
            f"{HERE}::test_a_guest_who_has_paid_is_still_no_customer",
            source=(sources.CUSTOMER_IF_REQUIRED,),
        ),
    ),
    Row(
        "description",
        'description="T-shirt × 1"',
        PARAMETER,
        _to(
            "For the Dashboard and the receipt, on the intent.",
            "Dashboard と領収書のためのもので、intent に付けます。",
            RUNS,
        ),
        '"payment_intent_data": {"description": "T-shirt × 1"}',
        ('charge.description == "T-shirt × 1"', 'paid.payment_intent.description == "T-shirt × 1"'),
    ),
    Row(
        "metadata",
        'metadata={"order": "7"}',
        PARAMETER,
        _to("Twice: on the session, and on what it pays with.", "二か所です。Session と、その支払いに付けます。", RUNS),
        '"metadata": {"order": "7"}, "payment_intent_data": {"metadata": {"order": "7"}}',
        ('charge.metadata.order == "7"', 'session.metadata.order == "7"', 'paid.payment_intent.metadata.order == "7"'),
        _to(
            "The session's is not copied to the charge.",
            "Session のものは Charge にコピーされません。",
            f"{HERE}::test_a_sessions_metadata_is_not_copied_to_its_charge",
        ),
    ),
    Row(
        "receipt_email",
        'receipt_email="a@example.com"',
        PARAMETER,
        _to("On the intent.", "intent に付けます。", RUNS),
        '"payment_intent_data": {"receipt_email": "a@example.com"}',
        ('charge.receipt_email == "a@example.com"', 'paid.payment_intent.receipt_email == "a@example.com"'),
        _to(
            "Stripe sends receipts for live payments only: do not wait for one in test mode.",
            "Stripe が領収書を送るのは本番の決済だけです。テストモードで待っても届きません。",
            f"{HERE}::test_the_sdk_says_that_receipts_are_for_live_payments",
        ),
    ),
    Row(
        "capture",
        "capture=False",
        PARAMETER,
        _to("Reserve now, take later.", "先に確保し、後で確定します。"),
        '"payment_intent_data": {"capture_method": "manual"}',
        trap=_to(
            "An uncaptured charge expires after 7 days by default.",
            "確定しなかった Charge は、標準では7日で失効します。",
            f"{HERE}::test_the_sdk_says_when_an_uncaptured_charge_expires",
        ),
    ),
    Row(
        "shipping",
        'shipping={"name": "Hanako", "address": {"line1": "1-1"}}',
        PARAMETER,
        _to("An address you know already, on the intent.", "すでに知っている住所を intent に付けます。", RUNS),
        '"payment_intent_data": {"shipping": {"name": "Hanako", "address": {"line1": "1-1"}}}',
        ('charge.shipping.name == "Hanako"', 'paid.payment_intent.shipping.name == "Hanako"'),
    ),
    Row(
        "statement_descriptor",
        'statement_descriptor="MY SHOP"',
        PARAMETER,
        _to("For a card, the suffix.", "カードなら suffix のほうを使います。", RUNS),
        '"payment_intent_data": {"statement_descriptor_suffix": "MY SHOP"}',
        (
            'charge.statement_descriptor == "MY SHOP"',
            'paid.payment_intent.statement_descriptor_suffix == "MY SHOP"',
        ),
        _to(
            "The parameter of the old name is refused by Stripe for a card payment.",
            "同じ名前のままでは、カード決済の場合に Stripe がエラーを返します。",
            f"{HERE}::test_the_sdk_says_that_a_card_takes_only_the_suffix",
        ),
    ),
    Row(
        "statement_descriptor_suffix",
        'statement_descriptor_suffix="T-SHIRT"',
        PARAMETER,
        _to("On the intent.", "intent に付けます。", RUNS),
        '"payment_intent_data": {"statement_descriptor_suffix": "T-SHIRT"}',
        (
            'charge.statement_descriptor_suffix == "T-SHIRT"',
            'paid.payment_intent.statement_descriptor_suffix == "T-SHIRT"',
        ),
    ),
    Row(
        "transfer_group",
        'transfer_group="order-7"',
        PARAMETER,
        _to("On the intent.", "intent に付けます。", RUNS),
        '"payment_intent_data": {"transfer_group": "order-7"}',
        ('charge.transfer_group == "order-7"', 'paid.payment_intent.transfer_group == "order-7"'),
    ),
    Row(
        "application_fee_amount",
        "application_fee_amount=100",
        PARAMETER,
        _to("On the intent (Connect).", "intent に付けます(Connect)。"),
        '"payment_intent_data": {"application_fee_amount": 100}',
    ),
    Row(
        "application_fee",
        "application_fee=100",
        PARAMETER,
        _to("An older name of the one above.", "上のパラメーターの古い名前です。"),
        '"payment_intent_data": {"application_fee_amount": 100}',
    ),
    Row(
        "on_behalf_of",
        'on_behalf_of="acct_…"',
        PARAMETER,
        _to("On the intent (Connect).", "intent に付けます(Connect)。"),
        '"payment_intent_data": {"on_behalf_of": "acct_…"}',
    ),
    Row(
        "transfer_data",
        'transfer_data={"destination": "acct_…"}',
        PARAMETER,
        _to("On the intent (Connect).", "intent に付けます(Connect)。"),
        '"payment_intent_data": {"transfer_data": {"destination": "acct_…"}}',
    ),
    Row(
        "destination",
        'destination={"account": "acct_…"}',
        PARAMETER,
        _to("An older form of `transfer_data`.", "`transfer_data` の古い形です。"),
        '"payment_intent_data": {"transfer_data": {"destination": "acct_…"}}',
    ),
    Row(
        "radar_options",
        'radar_options={"session": "rse_…"}',
        GONE,
        _to("A session takes no such parameter.", "Session にこのパラメーターはありません。", NOT_THERE),
    ),
    Row(
        "expand",
        'expand=["balance_transaction"]',
        PARAMETER,
        _to("The same, with other fields to open.", "同じです。展開できる項目が変わります。", RUNS),
        '"expand": ["line_items"]',
        ("charge.balance_transaction.amount == 2000", "session.line_items.data[0].quantity == 1"),
        _to(
            "Without it a session has no `line_items` at all.",
            "指定しなければ、Session に `line_items` はありません。",
            f"{HERE}::test_line_items_are_there_only_when_they_are_asked_for",
        ),
    ),
    Row(
        "idempotency_key",
        'idempotency_key="order-7:tok_1"',
        PARAMETER,
        _to(
            'In `options`, beside `params`: `options={"idempotency_key": "order-7"}`.',
            '`params` の隣の `options` に入れます。`options={"idempotency_key": "order-7"}` です。',
            f"{HERE}::test_the_same_key_makes_the_same_session",
        ),
        trap=_to(
            "Under a charge's key a decline is repeated; a session's key needs no card in it.",
            "Charge のキーでは拒否も繰り返されます。Session のキーにカードを含める必要はありません。",
            "tests/compare/pages/test_old_code.py::test_a_decline_is_replayed_under_the_same_key",
            source=(sources.IDEMPOTENCY,),
        ),
    ),
)

GROUPS = (
    Group("checkout-js", Text("Options of checkout.js", "checkout.js のオプション"), "html", CHECKOUT_JS),
    Group("form-fields", Text("Fields that checkout.js posted", "checkout.js が送っていた項目"), "python", POSTED),
    Group(
        "charge-create",
        Text("Parameters of `Charge.create`", "`Charge.create` のパラメーター"),
        "python",
        CHARGE_CREATE,
    ),
)


def matching(query: str) -> set[Row]:
    """Return the rows in which every word of a query occurs, in either language."""
    words = query.lower().split()
    return {row for group in GROUPS for row in group.rows if all(word in row.words for word in words)}
