"""Lines that tutorials of the two older eras contain, what each answers today, and how to mend it.

Every `old` is run by a test, in a world where `stripe`, a `session`, a `paid` session, a `charge`, an `event` and a
`visitor` exist, and must answer `answer`; every `new` is run there too, and must not fail.
"""

from __future__ import annotations

from dataclasses import dataclass

from compare.pages import sources
from compare.pages.text import Claim, Text

HERE = "tests/compare/pages/test_old_code.py"
RUNS = f"{HERE}::test_an_old_line_answers_what_the_page_says"
MODERN_TEST = "tests/bbs/payments/test_modern.py"
CONTRACT = "tests/bbs/payments/test_contract.py::TestBothFlows"

SDK, API, SITE, BROWSER = "sdk", "api", "site", "browser"
SPEAKERS = {
    SDK: Text("Python and stripe-python answer", "Python と stripe-python の答え"),
    API: Text("Stripe's API answers, as the sandbox plays it", "Stripe の API の答え(サンドボックスによる)"),
    SITE: Text("This site answers", "このサイトの答え"),
    BROWSER: Text("In the browser", "ブラウザーでは"),
}
TOKENS, REDIRECT, BOTH = "tokens", "redirect", "both"
ERAS = {
    TOKENS: Text("checkout.js era", "checkout.js の時代"),
    REDIRECT: Text("redirectToCheckout era", "redirectToCheckout の時代"),
    BOTH: Text("both eras", "両方の時代"),
}


@dataclass(frozen=True)
class Entry:
    """An old line. Without an `answer` it cannot be run here, and `why` alone says what happens."""

    slug: str
    title: Text
    era: str
    old: str
    speaker: str
    answer: str
    why: Claim
    new: str
    language: str = "python"
    new_language: str = "python"

    @property
    def speaker_text(self) -> Text:
        return SPEAKERS[self.speaker]

    @property
    def era_text(self) -> Text:
        return ERAS[self.era]


CREATE = """stripe_client.v1.checkout.sessions.create(params={
    "mode": "payment",
    "line_items": [{
        "quantity": 1,
        "price_data": {
            "currency": "jpy",
            "unit_amount": 2000,
            "product_data": {"name": "T-shirt"},
        },
    }],
    "success_url": "https://shop.example/success",
})"""

ENTRIES = (
    Entry(
        "payment-method-types",
        Text("`payment_method_types`", "`payment_method_types`"),
        REDIRECT,
        """stripe.checkout.Session.create(
    payment_method_types=["card"],
    mode="payment",
    line_items=[{
        "quantity": 1,
        "price_data": {
            "currency": "jpy",
            "unit_amount": 2000,
            "product_data": {"name": "T-shirt"},
        },
    }],
    success_url="https://shop.example/success",
)""",
        API,
        "InvalidRequestError: The `payment_method_types` parameter is no longer supported on a Checkout Session. "
        "Remove it to use dynamic payment methods, or use `allowed_payment_method_types` or "
        "`excluded_payment_method_types` instead.",
        Claim(
            Text(
                "API 2026-09-30.endive removed it, and nearly every tutorial has it. stripe-python sends it unseen; "
                "the "
                "API refuses. Stripe publishes this error code for PaymentIntents; that a session gets the same one is "
                "our assumption.",
                "API 2026-09-30.endive で廃止されましたが、ほとんどのチュートリアルにあります。stripe-python "
                "はそのまま送り、API が拒否します。"
                "Stripe がこのエラーコードを公開しているのは PaymentIntent についてで、Session "
                "でも同じというのは私たちの推定です。",
            ),
            (sources.METHOD_TYPES_SESSION, sources.METHOD_TYPES_INTENT),
            (RUNS,),
        ),
        CREATE + "  # no payment_method_types",
    ),
    Entry(
        "line-items-amount",
        Text("`line_items` with `name` and `amount`", "`name` と `amount` を持つ `line_items`"),
        REDIRECT,
        """stripe.checkout.Session.create(
    mode="payment",
    line_items=[{
        "name": "T-shirt",
        "amount": 2000,
        "currency": "jpy",
        "quantity": 1,
    }],
    success_url="https://shop.example/success",
)""",
        API,
        "InvalidRequestError: You cannot use `line_items.amount`, `line_items.currency`, `line_items.name`, "
        "`line_items.description`, or `line_items.images` in this API version. Please use `line_items.price` or "
        "`line_items.price_data`. Please see https://stripe.com/docs/payments/checkout/migrating-prices for more "
        "information.",
        Claim(
            Text(
                "Removed in API 2022-08-01: the price is a thing of its own now.",
                "API 2022-08-01 で廃止されました。価格は独立したオブジェクトになりました。",
            ),
            (sources.LINE_ITEMS_REPLACED,),
            (RUNS,),
        ),
        CREATE,
    ),
    Entry(
        "redirect-to-checkout",
        Text("`redirectToCheckout`", "`redirectToCheckout`"),
        REDIRECT,
        """stripe.redirectToCheckout({ sessionId: session.id });""",
        BROWSER,
        "",
        Claim(
            Text(
                "Stripe.js dropped it in 2025-09-30.clover. Stripe's script is not part of this site, so no error text "
                "is shown here.",
                "Stripe.js は 2025-09-30.clover で削除しました。Stripe のスクリプトはこのサイトにないため、"
                "エラーの文面は示せません。",
            ),
            (sources.REDIRECT_REMOVED,),
        ),
        """# in the view; a script may set window.location to session.url
HttpResponseRedirect(session.url, status=303)""",
        "javascript",
    ),
    Entry(
        "import-stripe-error",
        Text("`from stripe.error import …`", "`from stripe.error import …`"),
        BOTH,
        """from stripe.error import CardError""",
        SDK,
        "ModuleNotFoundError: No module named 'stripe.error'",
        Claim(
            Text(
                "The module went with stripe-python 13. `stripe.error.CardError` as an attribute works again since 14, "
                "which hides the trouble until somebody imports.",
                "このモジュールは stripe-python 13 でなくなりました。属性としての `stripe.error.CardError` は 14 "
                "から再び使えるため、"
                "import するまで問題に気づけません。",
            ),
            (sources.SDK_ERROR_MODULE,),
            (RUNS, f"{HERE}::test_the_attribute_works_where_the_import_does_not"),
        ),
        """stripe.CardError""",
    ),
    Entry(
        "get-on-an-object",
        Text("`.get()` on a Stripe object", "Stripe オブジェクトの `.get()`"),
        BOTH,
        """event["data"]["object"].get("metadata")""",
        SDK,
        "AttributeError: 'get' is a dict method, but a Session is not a dict. Use .to_dict() to convert it. Docs: "
        "https://github.com/stripe/stripe-python#working-with-api-resources",
        Claim(
            Text(
                "Since stripe-python 15 an object is no dict. Brackets and dots still work.",
                "stripe-python 15 から、オブジェクトは dict ではありません。角括弧とドットは今も使えます。",
            ),
            (sources.SDK_NOT_A_DICT,),
            (RUNS,),
        ),
        """event.data.object.metadata
getattr(event.data.object, "metadata", None)
event.data.object.to_dict().get("metadata")""",
    ),
    Entry(
        "json-dumps-event",
        Text("`json.dumps(event)`", "`json.dumps(event)`"),
        BOTH,
        """json.dumps(event)""",
        SDK,
        "TypeError: Object of type Event is not JSON serializable",
        Claim(
            Text(
                "For the same reason. Keep the body that came, not an object made of it.",
                "同じ理由です。オブジェクトではなく、届いたボディを保存してください。",
            ),
            (sources.SDK_NOT_A_DICT,),
            (RUNS,),
        ),
        """json.loads(request.body)
event.to_dict(for_json=True)""",
    ),
    Entry(
        "dict-of-an-object",
        Text("`dict(session)`", "`dict(session)`"),
        BOTH,
        """dict(session)""",
        SDK,
        "TypeError: Session is not iterable or a mapping; call .to_dict() for a plain dict. Docs: "
        "https://github.com/stripe/stripe-python#working-with-api-resources",
        Claim(
            Text(
                "Likewise `{**session}`, `list(session)` and `for key in session`.",
                "`{**session}`、`list(session)`、`for key in session` も同様です。",
            ),
            (sources.SDK_NOT_A_DICT,),
            (RUNS, f"{HERE}::test_an_object_cannot_be_taken_apart_like_a_dict"),
        ),
        """session.to_dict()""",
    ),
    Entry(
        "customer-as-proof",
        Text("`session.customer` as proof of payment", "`session.customer` を支払いの証拠にする"),
        REDIRECT,
        """stripe.Customer.retrieve(paid.customer)""",
        SDK,
        "InvalidRequestError: Could not determine which URL to request: Customer instance has invalid ID: None, "
        "<class 'NoneType'>. ID should be of type `str` (or `unicode`)",
        Claim(
            Text(
                "A guest's `customer` is null since API 2022-08-01, even when everything is paid. And where there is a "
                "customer, it proves nothing.",
                "API 2022-08-01 から、ゲストの `customer` は支払い済みでも null です。また、customer "
                "がいても支払いの証拠にはなりません。",
            ),
            (sources.CUSTOMER_IF_REQUIRED, sources.CUSTOMER_NULL_JA),
            (RUNS,),
        ),
        """paid.payment_status == "paid"  # and the session is that of your own order""",
    ),
    Entry(
        "intent-at-once",
        Text("`session.payment_intent` right after creation", "作成直後の `session.payment_intent`"),
        REDIRECT,
        """stripe.PaymentIntent.retrieve(session.payment_intent)""",
        SDK,
        "InvalidRequestError: Could not determine which URL to request: PaymentIntent instance has invalid ID: None, "
        "<class 'NoneType'>. ID should be of type `str` (or `unicode`)",
        Claim(
            Text(
                "The intent is made when the visitor pays. Remember the session's id instead.",
                "PaymentIntent はお客様が支払うときに作られます。代わりに Session の ID を覚えておきます。",
            ),
            (sources.INTENT_DEFERRED,),
            (RUNS,),
        ),
        """session.id
stripe.PaymentIntent.retrieve(paid.payment_intent)""",
    ),
    Entry(
        "intent-charges",
        Text("`intent.charges.data[0]`", "`intent.charges.data[0]`"),
        REDIRECT,
        """stripe.PaymentIntent.retrieve(paid.payment_intent).charges.data[0]""",
        SDK,
        "AttributeError: charges",
        Claim(
            Text("Removed in API 2022-11-15.", "API 2022-11-15 で廃止されました。"),
            (sources.CHARGES_OF_INTENT,),
            (RUNS,),
        ),
        """stripe.PaymentIntent.retrieve(paid.payment_intent, expand=["latest_charge"]).latest_charge""",
    ),
    Entry(
        "session-by-get",
        Text("A session made by GET", "GET で Session を作る"),
        REDIRECT,
        """visitor.get("/create-checkout-session/")""",
        SITE,
        "HTTP 405",
        Claim(
            Text(
                "What is made by GET is made by every crawler and every preview of a link. Make it by POST, with a "
                "CSRF "
                "token, when the button is pressed.",
                "GET で作ると、クローラーやリンクのプレビューが来るたびに作られます。ボタンが押されたときに、CSRF "
                "トークン付きの POST で作ります。",
            ),
            tests=(RUNS, f"{MODERN_TEST}::test_a_form_post_without_a_product_buys_one_of_the_first"),
        ),
        """visitor.post("/create-checkout-session/")""",
    ),
    Entry(
        "fulfilment-on-success",
        Text("Delivering on the success page", "成功ページで商品を渡す"),
        REDIRECT,
        """visitor.get("/success/?session_id=" + unpaid_id)""",
        SITE,
        "HTTP 302, and the order is pending",
        Claim(
            Text(
                "Anybody can open that address, and who has paid may never come. Ask Stripe there, and let the "
                "webhook do "
                "the same, by one function that is safe to call twice.",
                "このアドレスは誰でも開けますし、支払った人が戻るとは限りません。ここでは Stripe に尋ね、webhook "
                "からも同じことをします。"
                "どちらも、二度呼ばれても安全な1つの関数を通します。",
            ),
            (sources.FULFILLMENT, sources.SUCCESS_IS_NO_PROOF),
            (RUNS, f"{MODERN_TEST}::test_coming_back_unpaid_shows_the_receipt_in_its_true_state"),
        ),
        """payments.confirm(payment)  # asks Stripe, and settles once""",
    ),
    Entry(
        "body-written-again",
        Text("A signature checked on a body written again", "書き直したボディでの署名検証"),
        BOTH,
        """stripe.Webhook.construct_event(json.dumps(json.loads(body)), signature, secret)""",
        SDK,
        "SignatureVerificationError: No signatures found matching the expected signature for payload",
        Claim(
            Text(
                "The signature is over the bytes that came. `request.data` of a framework is already something else.",
                "署名は届いたバイト列に対するものです。フレームワークの `request.data` は、"
                "すでに別のものになっています。",
            ),
            (sources.RAW_BODY,),
            (RUNS,),
        ),
        """stripe.Webhook.construct_event(body, signature, secret)  # body = request.body""",
    ),
    Entry(
        "token-twice",
        Text("The same token charged twice", "同じトークンで二度課金する"),
        TOKENS,
        """for _ in range(2):
    stripe.Charge.create(amount=2000, currency="jpy", source=token)""",
        API,
        "InvalidRequestError: You cannot use a Stripe token more than once: tok_….",
        Claim(
            Text(
                "A token works once, even for a decline. A double click needs an idempotency key, a new try a new card "
                "entry.",
                "トークンは、拒否された場合でも1回しか使えません。二度押しには冪等キー、"
                "再試行にはカードの再入力が必要です。",
            ),
            (sources.SPENT_AFTER_DECLINE, sources.DOUBLE_CLICK),
            (RUNS,),
        ),
        """for _ in range(2):
    stripe.Charge.create(
        amount=2000, currency="jpy", source=fresh_token, idempotency_key=f"order-7:{fresh_token}"
    )""",
    ),
    Entry(
        "float-amount",
        Text("An amount with decimals", "小数の金額"),
        BOTH,
        """stripe.Charge.create(amount=20.0, currency="usd", source=token)""",
        API,
        "InvalidRequestError: Invalid integer: 20.0",
        Claim(
            Text(
                "Whole numbers of the smallest unit: 2000 for $20.00, and 2000 for ¥2,000.",
                "最小単位の整数で指定します。$20.00 は 2000、¥2,000 も 2000 です。",
            ),
            (sources.ZERO_DECIMAL,),
            (RUNS,),
        ),
        """stripe.Charge.create(amount=2000, currency="usd", source=token)""",
    ),
    Entry(
        "charge-refund",
        Text("`charge.refund()`", "`charge.refund()`"),
        TOKENS,
        """charge.refund()""",
        SDK,
        "AttributeError: refund",
        Claim(
            Text(
                "A refund is an object of its own; the method is gone from the charge.",
                "返金は独立したオブジェクトになり、Charge のメソッドはなくなりました。",
            ),
            tests=(RUNS,),
        ),
        """stripe.Refund.create(charge=charge.id)""",
    ),
    Entry(
        "positional-key",
        Text("The API key as second argument", "2番目の引数に API キー"),
        TOKENS,
        """stripe.Charge.retrieve(charge.id, "sk_test_…")""",
        SDK,
        "TypeError: Charge.retrieve() takes 2 positional arguments but 3 were given",
        Claim(
            Text(
                "Options are keywords now; better still, make one client that holds the key.",
                "オプションはキーワードで渡します。さらによいのは、キーを持つクライアントを1つ作ることです。",
            ),
            tests=(RUNS,),
        ),
        """stripe.Charge.retrieve(charge.id, api_key=secret_key)
stripe.StripeClient(secret_key)""",
    ),
    Entry(
        "ui-mode-hosted",
        Text("`ui_mode` with its old values", "`ui_mode` の以前の値"),
        REDIRECT,
        """stripe.checkout.Session.create(
    ui_mode="hosted",
    mode="payment",
    line_items=[{
        "quantity": 1,
        "price_data": {
            "currency": "jpy",
            "unit_amount": 2000,
            "product_data": {"name": "T-shirt"},
        },
    }],
    success_url="https://shop.example/success",
)""",
        API,
        "InvalidRequestError: The value `hosted` of `ui_mode` was renamed to `hosted_page` in API version "
        "2026-03-25.dahlia. Invalid ui_mode: must be one of elements, embedded_page, form, or hosted_page",
        Claim(
            Text(
                "API 2026-03-25.dahlia renamed the values. The default is the hosted page, so the line can simply go.",
                "API 2026-03-25.dahlia で値の名前が変わりました。既定が Stripe のページなので、"
                "この行は消すだけで構いません。",
            ),
            (sources.UI_MODES_RENAMED,),
            (RUNS,),
        ),
        CREATE,
    ),
    Entry(
        "client-without-v1",
        Text("`client.checkout` without `v1`", "`v1` のない `client.checkout`"),
        REDIRECT,
        """stripe_client.checkout.sessions.retrieve(session.id)""",
        SDK,
        "DeprecationWarning: StripeClient.checkout is deprecated, use StripeClient.v1.checkout instead. All "
        "functionality under it has been copied over to StripeClient.v1.checkout. See [migration "
        "guide](https://github.com/stripe/stripe-python/wiki/v1-namespace-in-StripeClient) for more on this and tips "
        "on migrating to the new v1 namespace.",
        Claim(
            Text(
                "It still works, with a warning that Python hides by default.",
                "まだ動きますが警告が出ます。Python は標準ではこの警告を表示しません。",
            ),
            tests=(RUNS,),
        ),
        """stripe_client.v1.checkout.sessions.retrieve(session.id)""",
    ),
    Entry(
        "str-of-an-error",
        Text("`str(error)` shown to the visitor", "`str(error)` をお客様に見せる"),
        BOTH,
        """try:
    stripe.Charge.create(amount=2000, currency="jpy", source="tok_visa_chargeDeclined")
except stripe.CardError as error:
    shown = str(error)""",
        SDK,
        "Request req_…: Your card was declined.",
        Claim(
            Text(
                "The text begins with the id of the request. `user_message` is what may be shown, and only of a "
                "`CardError`.",
                "文面はリクエストの ID から始まります。見せてよいのは `user_message` で、`CardError` の場合だけです。",
            ),
            tests=(RUNS, f"{HERE}::test_the_sdk_says_whose_messages_may_be_shown"),
        ),
        """try:
    stripe.Charge.create(amount=2000, currency="jpy", source="tok_visa_chargeDeclined")
except stripe.CardError as error:
    shown = error.user_message""",
    ),
)
