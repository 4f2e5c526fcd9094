"""What the overview says: the three eras, the steps of both flows, and the differences that matter most."""

from __future__ import annotations

from dataclasses import dataclass

from compare.pages import sources
from compare.pages.text import Claim, Text

CONTRACT = "tests/bbs/payments/test_contract.py::TestBothFlows"
LEGACY_TEST = "tests/bbs/payments/test_legacy.py"
MODERN_TEST = "tests/bbs/payments/test_modern.py"
TROUBLES = "tests/bbs/payments/test_stripe_troubles.py"
OLD_CODE = "tests/compare/pages/test_old_code.py"


@dataclass(frozen=True)
class Era:
    """A way of taking payments, and its time. `flow` is the one of ours that shows it, if any."""

    slug: str
    flow: str
    years: Text
    title: str
    what: Claim
    dates: tuple[tuple[str, Claim], ...]


ERAS = (
    Era(
        "tokens",
        "legacy",
        Text("from 2013", "2013年から"),
        "checkout.js + Charge.create",
        Claim(
            Text(
                "A script puts a card dialog over your page and makes a [[token|token]]; your server turns the token "
                "into a [[charge|charge]]. Here it is the legacy flow.",
                "スクリプトが自サイトの上にカード入力ダイアログを開いて[[token|トークン]]を作り、"
                "サーバーがそのトークンで "
                "[[charge|Charge]] を作ります。このサイトでは legacy フローです。",
            ),
            (sources.LEGACY_CHECKOUT,),
        ),
        (
            (
                "2013-02",
                Claim(
                    Text("Stripe presents Checkout: one script tag.", "Stripe が script タグ1つの Checkout を発表。"),
                    (sources.LAUNCH_2013,),
                ),
            ),
            (
                "2019-04",
                Claim(
                    Text(
                        "The new Checkout comes; this one is called legacy.",
                        "新しい Checkout が出て、legacy と呼ばれる。",
                    ),
                    (sources.LEGACY_CHECKOUT,),
                ),
            ),
            (
                "2026-11",
                Claim(
                    Text(
                        "stripe-python 16.1 says of `Charge.create` that it “will be removed soon”, and names no date.",
                        "stripe-python 16.1 が `Charge.create` を “will be removed soon” と記載。日付はなし。",
                    ),
                    tests=(f"{OLD_CODE}::test_charge_create_says_that_it_will_be_removed",),
                ),
            ),
        ),
    ),
    Era(
        "redirect",
        "",
        Text("2019 to 2025", "2019年から2025年"),
        "redirectToCheckout",
        Claim(
            Text(
                "Your server makes a Checkout [[session|Session]], and Stripe.js takes the visitor to it. Tutorials of "
                "that time call this the new way. It is gone.",
                "サーバーが Checkout [[session|Session]] を作り、Stripe.js がそこへ移動させます。当時のチュートリアルが"
                "「新しい方法」と呼ぶのはこれですが、もうありません。",
            ),
            (sources.REDIRECT_REMOVED,),
        ),
        (
            (
                "2019-04",
                Claim(
                    Text("The hosted page is released.", "Stripe の決済ページが公開。"),
                    (sources.LEGACY_CHECKOUT,),
                ),
            ),
            (
                "2022-08-01",
                Claim(
                    Text(
                        "`line_items[amount]` and its kin are removed; guests have no `customer`.",
                        "`line_items[amount]` などが廃止。ゲストの `customer` は null に。",
                    ),
                    (sources.LINE_ITEMS_REPLACED, sources.CUSTOMER_IF_REQUIRED),
                ),
            ),
            (
                "2025-09-30",
                Claim(
                    Text(
                        "Stripe.js (clover) drops `redirectToCheckout`.",
                        "Stripe.js (clover) が `redirectToCheckout` を削除。",
                    ),
                    (sources.REDIRECT_REMOVED,),
                ),
            ),
        ),
    ),
    Era(
        "url",
        "modern",
        Text("since 2021", "2021年から今日まで"),
        "session.url",
        Claim(
            Text(
                "Your server makes the Session and answers with a redirect to `session.url`: no Stripe.js, no "
                "publishable key. Here it is the modern flow.",
                "サーバーが Session を作り、`session.url` へのリダイレクトを返します。Stripe.js "
                "も公開可能キーも要りません。"
                "このサイトでは modern フローです。",
            ),
            tests=(f"{MODERN_TEST}::test_the_button_leads_to_stripes_page_by_a_303",),
        ),
        (
            (
                "2021-06-17",
                Claim(Text("Sessions get a `url`.", "Session に `url` が付く。"), (sources.URL_SHIPPED_2021,)),
            ),
            (
                "2026-03-25",
                Claim(
                    Text(
                        "dahlia renames the values of `ui_mode`; stripe-python 15 objects are no longer dicts.",
                        "dahlia で `ui_mode` の値が改名。stripe-python 15 のオブジェクトは dict ではなくなる。",
                    ),
                    (sources.UI_MODES_RENAMED, sources.SDK_NOT_A_DICT),
                ),
            ),
            (
                "2026-09-30",
                Claim(
                    Text(
                        "endive removes `payment_method_types` from Sessions.",
                        "endive で Session の `payment_method_types` が廃止。",
                    ),
                    (sources.METHOD_TYPES_SESSION,),
                ),
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Step:
    """One arrow of a sequence diagram, from and to "you", "us" or "stripe", and its line of our code, if any.

    `wire` names the recorded messages, any of them, that are this arrow or that it answers; what our server neither
    sends nor receives has none.
    """

    source: str
    target: str
    text: Text
    code: str = ""
    path: str = ""
    snippet: str = ""
    knows: bool = False
    wire: tuple[str, ...] = ()


@dataclass(frozen=True)
class Phase:
    """What both flows do at the same time, each in its own steps."""

    title: Text
    legacy: tuple[Step, ...]
    modern: tuple[Step, ...]
    # The tab may close after this phase: the key of what happens then.
    closing: str = ""


LEGACY, MODERN = "bbs/payments/legacy.py", "bbs/payments/modern.py"
LEGACY_BUTTON = "templates/payments/legacy/button.html"
MODERN_BUTTON = "templates/payments/modern/button.html"
VIEWS = "bbs/views.py"
# With scripts the form of the modern flow is sent by `fetch`, to an address of its own.
PAY, CREATE = ("POST /checkout/",), ("POST /checkout/", "POST /create-checkout-session/")

PHASES = (
    Phase(
        Text("The page is shown", "ページを表示"),
        (
            Step(
                "stripe",
                "you",
                Text("the script is loaded", "スクリプトを読み込む"),
                "checkout.js",
                LEGACY_BUTTON,
                '<script src="{{ button.src }}"',
            ),
        ),
        (),
    ),
    Phase(
        Text("“Pay” is pressed", "「支払う」を押す"),
        (
            Step(
                "you",
                "stripe",
                Text("a dialog opens over our page", "ページの上にダイアログが開く"),
                "data-key, data-amount …",
                LEGACY_BUTTON,
                'data-key="{{ button.key }}"',
            ),
        ),
        (
            Step(
                "you",
                "us",
                Text("the form is posted", "フォームを送信"),
                "POST /checkout/",
                MODERN_BUTTON,
                "<form method",
                wire=CREATE,
            ),
            Step(
                "us",
                "stripe",
                Text("make a session", "Session を作る"),
                "checkout.sessions.create",
                MODERN,
                "return stripe_client().v1.checkout.sessions.create(",
                wire=("POST /v1/checkout/sessions",),
            ),
            Step(
                "stripe",
                "us",
                Text("its address", "そのアドレス"),
                "session.url",
                MODERN,
                "if session and session.url:",
                wire=("POST /v1/checkout/sessions",),
            ),
            Step(
                "us",
                "you",
                Text("go there", "そこへ移動"),
                "303 → session.url",
                MODERN,
                "return HttpResponseRedirect(session.url,",
                wire=CREATE,
            ),
        ),
        "form",
    ),
    Phase(
        Text("The card is entered", "カードを入力"),
        (
            Step(
                "you",
                "stripe",
                Text("card, in the dialog", "ダイアログでカードを入力"),
                "iframe",
            ),
            Step(
                "stripe",
                "you",
                Text("a token", "トークン"),
                "tok_…",
            ),
        ),
        (
            Step(
                "you",
                "stripe",
                Text("card, on Stripe's page", "Stripe のページでカードを入力"),
                "checkout.stripe.com",
            ),
        ),
        "card",
    ),
    Phase(
        Text("The token is posted", "トークンを送る"),
        (
            Step(
                "you",
                "us",
                Text("the form posts it", "フォームが送信する"),
                "POST stripeToken",
                LEGACY,
                'token = request.POST.get("stripeToken", "")',
                wire=PAY,
            ),
        ),
        (),
    ),
    Phase(
        Text("The money moves", "お金が動く"),
        (
            Step(
                "us",
                "stripe",
                Text("charge it", "課金する"),
                "Charge.create",
                LEGACY,
                "charge = stripe.Charge.create(",
                wire=("POST /v1/charges",),
            ),
        ),
        (
            Step(
                "stripe",
                "stripe",
                Text("Stripe charges", "Stripe が課金"),
            ),
        ),
        "money",
    ),
    Phase(
        Text("Our server knows", "サーバーが知る"),
        (
            Step(
                "stripe",
                "us",
                Text("paid", "支払い済み"),
                "charge.paid",
                LEGACY,
                "if not charge.paid:",
                knows=True,
                wire=("POST /v1/charges",),
            ),
        ),
        (
            Step(
                "stripe",
                "us",
                Text("webhook, signed", "署名つき webhook"),
                "…session.completed",
                MODERN,
                '"checkout.session.completed",',
                knows=True,
                wire=("checkout.session.completed",),
            ),
        ),
    ),
    Phase(
        Text("The receipt", "レシート"),
        (
            Step(
                "us",
                "you",
                Text("the receipt", "レシート"),
                "303 → receipt",
                LEGACY,
                "return HttpResponseRedirect(payment.get_absolute_url(), status=303)",
                wire=PAY,
            ),
        ),
        (
            Step("stripe", "you", Text("back to our site", "サイトへ戻す"), "success_url", MODERN, "success_url = f"),
            Step(
                "you",
                "us",
                Text("the visitor is back", "お客様が戻る"),
                "GET /success/",
                VIEWS,
                "def success(",
                wire=("GET /success/",),
            ),
            Step(
                "us",
                "stripe",
                Text("ask whether it is paid", "支払い済みか尋ねる"),
                "sessions.retrieve",
                MODERN,
                "return stripe_client().v1.checkout.sessions.retrieve(",
                wire=("GET /v1/checkout/sessions/…",),
            ),
            Step(
                "us",
                "you",
                Text("the receipt", "レシート"),
                "302 → receipt",
                VIEWS,
                "if is_own:\n        return redirect",
                wire=("GET /success/",),
            ),
        ),
    ),
    Phase(
        Text("Afterwards", "そのあと"),
        (
            Step(
                "stripe",
                "us",
                Text("webhook, as a net", "念のための webhook"),
                "charge.succeeded",
                LEGACY,
                '"charge.succeeded",',
                wire=("charge.succeeded",),
            ),
        ),
        (),
    ),
)


@dataclass(frozen=True)
class Closing:
    """A moment at which the visitor may close the tab, and what happens then in each flow."""

    slug: str
    when: Text
    legacy: Claim
    modern: Claim


CLOSINGS = (
    Closing(
        "form",
        Text("while the card form is open", "カード入力画面が開いている間"),
        Claim(
            Text(
                "Nothing is charged, and our server does not know that anybody wanted to buy.",
                "課金はされません。サーバーは、買おうとした人がいたことも知りません。",
            ),
            tests=(f"{LEGACY_TEST}::test_no_token_at_all_creates_nothing",),
        ),
        Claim(
            Text(
                "Nothing is charged. The order waits as pending until its session expires, and can still be paid.",
                "課金はされません。注文は保留のまま残り、Session の期限が切れるまで支払えます。",
            ),
            tests=(
                f"{MODERN_TEST}::test_a_canceled_order_is_kept_and_can_be_paid_in_the_same_session",
                f"{MODERN_TEST}::test_an_expired_session_is_told_and_ordering_again_is_a_click_away",
            ),
        ),
    ),
    Closing(
        "card",
        Text("just after the card is entered", "カードを入力した直後"),
        Claim(
            Text(
                "A token was made, but a token is no payment: if the form is not posted, nothing is charged and the "
                "sale is lost.",
                "トークンはできていますが、トークンは支払いではありません。フォームが送信されなければ課金されず、"
                "注文は失われます。",
            ),
            (sources.LEGACY_CHECKOUT,),
        ),
        Claim(
            Text(
                "Stripe takes the money without the tab, and the webhook still comes: the order is delivered.",
                "タブがなくても Stripe が課金し、webhook は届きます。注文は処理されます。",
            ),
            tests=(f"{CONTRACT}::test_the_webhook_alone_settles_when_the_visitor_never_comes_back",),
        ),
    ),
    Closing(
        "money",
        Text("while the money moves", "お金が動いている最中"),
        Claim(
            Text(
                "Our server, not the tab, waits for the answer. If that answer is lost, the money is taken and the old "
                "tutorials never find out; here `charge.succeeded` or a question to Stripe tells us.",
                "応答を待っているのはタブではなくサーバーです。その応答を受け取れないと課金だけが成立し、"
                "昔のチュートリアルのコードでは気づけません。このサイトでは `charge.succeeded` か Stripe "
                "への問い合わせで分かります。",
            ),
            tests=(
                f"{TROUBLES}::test_a_charge_whose_answer_was_lost_is_found_and_not_made_again",
                f"{CONTRACT}::test_the_webhook_alone_settles_when_the_visitor_never_comes_back",
            ),
        ),
        Claim(
            Text(
                "Nobody of ours is waiting. The webhook tells us; should it not arrive either, asking Stripe does.",
                "自サーバーは何も待っていません。webhook で知らされ、それも届かなければ Stripe に尋ねれば分かります。",
            ),
            tests=(f"{CONTRACT}::test_asking_stripe_alone_settles_when_no_webhook_arrives_either",),
        ),
    ),
)


@dataclass(frozen=True)
class Difference:
    """One of the differences that matter most."""

    slug: str
    title: Text
    claim: Claim


DIFFERENCES = (
    Difference(
        "who-sees-the-card",
        Text("Who sees the card", "カードを見るのは誰か"),
        Claim(
            Text(
                "Legacy opens Stripe's dialog over our page, modern sends the visitor to Stripe's own page; neither "
                "lets a card number reach our server.",
                "legacy は自サイトの上に Stripe のダイアログを開き、modern は Stripe のページへ移動させます。"
                "どちらもカード番号は"
                "自サーバーに届きません。",
            ),
            (sources.LEGACY_CHECKOUT, sources.SECURITY_GUIDE),
        ),
    ),
    Difference(
        "who-learns-first",
        Text("Who learns first", "最初に知るのは誰か"),
        Claim(
            Text(
                "Legacy's server hears “paid” as the answer to its own call; modern's hears it from Stripe, by "
                "[[webhook|webhook]], and the visitor may never come back to tell.",
                "legacy のサーバーは、自分の API 呼び出しの応答で「支払い済み」と知ります。modern では "
                "Stripe が [[webhook|webhook]] で知らせ、お客様が戻ってくるとは限りません。",
            ),
            (sources.FULFILLMENT,),
            (f"{CONTRACT}::test_the_webhook_alone_settles_when_the_visitor_never_comes_back",),
        ),
    ),
    Difference(
        "when-the-order-exists",
        Text("When the order must exist", "注文をいつ作るか"),
        Claim(
            Text(
                "Legacy could write the order down after the charge; modern must have it before the redirect, under a "
                "reference that Stripe gives back.",
                "legacy では課金のあとで注文を記録できました。modern ではリダイレクトの前に記録し、Stripe "
                "が返してくれる参照番号を"
                "付けておく必要があります。",
            ),
            tests=(f"{MODERN_TEST}::test_the_button_leads_to_stripes_page_by_a_303",),
        ),
    ),
    Difference(
        "who-says-the-price",
        Text("Who says the price", "金額を決めるのは誰か"),
        Claim(
            Text(
                "Legacy's `data-amount` is only shown, and the server must say the amount again; modern says it once, "
                "on the server, and Stripe shows what it charges.",
                "legacy の `data-amount` は表示だけで、サーバーがもう一度金額を指定します。modern "
                "はサーバーで一度だけ指定し、"
                "Stripe が課金する額を表示します。",
            ),
            (sources.LEGACY_CHECKOUT,),
            (f"{CONTRACT}::test_what_the_browser_says_of_the_price_is_not_listened_to",),
        ),
    ),
    Difference(
        "who-shows-the-decline",
        Text("Who shows a decline", "カードの拒否を表示するのは誰か"),
        Claim(
            Text(
                "In legacy a decline comes back to our server, the token is spent, and the card is typed again; in "
                "modern Stripe's page shows it and the visitor tries another card there.",
                "legacy では拒否がサーバーに返り、トークンは使用済みになるため、"
                "カードを入力し直してもらいます。modern では Stripe のページが拒否を表示し、"
                "その場で別のカードを試せます。",
            ),
            tests=(
                f"{LEGACY_TEST}::test_a_decline_says_what_happened_and_that_the_card_must_be_entered_again",
                f"{CONTRACT}::test_a_decline_takes_nothing_and_another_card_can_pay",
            ),
        ),
    ),
    Difference(
        "three-d-secure",
        Text("3-D Secure", "3Dセキュア"),
        Claim(
            Text(
                "A bare charge cannot ask the cardholder anything, so a card that needs "
                "[[three-d-secure|3-D Secure]] is declined; Stripe's page asks and goes on.",
                "Charge だけでは本人に何も尋ねられないため、[[three-d-secure|3Dセキュア]]が必要なカードは拒否されま"
                "す。Stripe の"
                "ページなら認証を求めて先へ進みます。",
            ),
            (sources.CHARGES_MIGRATION,),
            (
                "tests/compare/pages/test_capabilities.py::test_a_card_that_needs_authentication_is_declined_as_a_charge",
            ),
        ),
    ),
    Difference(
        "ways-to-pay",
        Text("Ways to pay", "支払い方法"),
        Claim(
            Text(
                "Legacy takes cards; modern takes what is switched on in the Dashboard, some of which, like konbini, "
                "is paid days later: “completed” does not always mean “paid”.",
                "legacy はカードだけです。modern は Dashboard で有効にした方法を使えます。"
                "コンビニ決済のように後日支払われるものもあり、"
                "completed が支払い済みとは限りません。",
            ),
            (sources.METHOD_TYPES_SESSION, sources.KONBINI_EVENTS),
            ("tests/compare/pages/test_capabilities.py::test_konbini_completes_unpaid_and_is_paid_later",),
        ),
    ),
    Difference(
        "scripts-and-keys",
        Text("Scripts and keys on our page", "ページに置くスクリプトとキー"),
        Claim(
            Text(
                "Legacy needs Stripe's script and the publishable key in our page, and JavaScript; modern needs none "
                "of "
                "the three.",
                "legacy では Stripe のスクリプトと公開可能キーをページに置き、JavaScript も必要です。modern "
                "ではどれも要りません。",
            ),
            (sources.REDIRECT_REMOVED,),
            ("tests/browser/test_paying.py::test_modern_works_without_scripts",),
        ),
    ),
)
