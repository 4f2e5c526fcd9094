"""The words of the trade, each named and explained in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from compare.pages import sources
from compare.pages.text import Claim, Text

CONTRACT = "tests/bbs/payments/test_contract.py::TestBothFlows"
WEBHOOK_TEST = "tests/bbs/payments/test_webhook.py"
LEGACY_TEST = "tests/bbs/payments/test_legacy.py"


@dataclass(frozen=True)
class Term:
    """A word and its meaning; `code` is how it is spelled in code."""

    slug: str
    word: Text
    code: str
    meaning: Claim

    @property
    def other_language(self) -> str:
        return "en" if (get_language() or "").startswith("ja") else "ja"

    @property
    def other_word(self) -> str:
        """The word in the language in which the page is not written."""
        return getattr(self.word, self.other_language)


TERMS = (
    Term(
        "token",
        Text("token", "トークン"),
        "tok_…",
        Claim(
            Text(
                "What checkout.js makes of a card: a name for it that can be charged once. Making one moves no money.",
                "checkout.js がカード情報から作る、1回の課金にだけ使える ID です。作っただけではお金は動きません。",
            ),
            (sources.LEGACY_CHECKOUT,),
            (f"{LEGACY_TEST}::test_a_token_that_another_order_spent_is_refused",),
        ),
    ),
    Term(
        "charge",
        Text("charge", "Charge(課金)"),
        "ch_…",
        Claim(
            Text(
                "One attempt to take money, successful or not. Legacy makes it directly; a Checkout payment ends in "
                "one too.",
                "課金の1回の試行を表し、成功することも失敗することもあります。legacy は直接作りますが、"
                "Checkout の決済も最後は Charge になります。",
            ),
            (sources.CHARGES_MIGRATION,),
        ),
    ),
    Term(
        "session",
        Text("Checkout Session", "Checkout Session"),
        "cs_…",
        Claim(
            Text(
                "One visit to Stripe's page: what is sold, at what price, and where to go afterwards. It is open, "
                "complete or expired.",
                "Stripe のページでの支払い1回分を表します。何をいくらで売り、その後どこへ戻るかを持ち、"
                "状態は open・complete・expired のいずれかです。",
            ),
            (sources.SESSION_CREATE,),
        ),
    ),
    Term(
        "payment-intent",
        Text("PaymentIntent", "PaymentIntent"),
        "pi_…",
        Claim(
            Text(
                "One payment from the first try to the last, with every charge attempted for it. A session makes its "
                "own when the visitor pays, not before.",
                "最初の試行から最後までの1つの支払いで、そのための Charge をすべてまとめます。Session は、"
                "お客様が支払うときに初めて"
                "自分の PaymentIntent を作ります。",
            ),
            (sources.INTENT_DEFERRED,),
        ),
    ),
    Term(
        "webhook",
        Text("webhook", "webhook"),
        "POST /webhook/",
        Claim(
            Text(
                "Stripe's call to our server when something has happened. It comes late, twice and in any order, and "
                "it "
                "is the only messenger that does not need the visitor.",
                "何かが起きたときに Stripe からサーバーへ届く呼び出しです。遅れたり、二度届いたり、"
                "順序が入れ替わったりしますが、"
                "お客様がいなくても届く唯一の知らせです。",
            ),
            (sources.WEBHOOKS,),
            (f"{CONTRACT}::test_whatever_arrives_twice_delivers_once",),
        ),
    ),
    Term(
        "event",
        Text("event", "イベント"),
        "evt_…",
        Claim(
            Text(
                "What a webhook carries: a type such as `checkout.session.completed`, and the object as it was then.",
                "webhook で届く内容です。`checkout.session.completed` のような種類と、"
                "その時点のオブジェクトが入っています。",
            ),
            (sources.WEBHOOKS,),
        ),
    ),
    Term(
        "signature",
        Text("signature check", "署名検証"),
        "Stripe-Signature",
        Claim(
            Text(
                "Proof that an event comes from Stripe, computed over the raw body. Parsed and written again, the body "
                "is another one and the check fails.",
                "イベントが Stripe から来た証拠で、生のリクエストボディから計算されます。"
                "一度パースして書き直すと別のボディになり、検証は失敗します。",
            ),
            (sources.RAW_BODY,),
            (f"{WEBHOOK_TEST}::test_what_stripe_did_not_sign_is_refused_and_logged_and_not_kept",),
        ),
    ),
    Term(
        "signing-secret",
        Text("signing secret", "署名シークレット"),
        "whsec_…",
        Claim(
            Text(
                "The key of the signature, one for each endpoint; the Stripe CLI has its own.",
                "署名の鍵です。エンドポイントごとに1つあり、Stripe CLI の鍵もまた別です。",
            ),
            tests=(f"{WEBHOOK_TEST}::test_any_of_our_secrets_is_good_while_one_is_being_rolled",),
        ),
    ),
    Term(
        "idempotency-key",
        Text("idempotency key", "冪等キー"),
        "Idempotency-Key",
        Claim(
            Text(
                "A name for a request: sent again under the same key, it gets the first answer and does nothing new. "
                "Derive it from the order; a random one does not stop a second submit.",
                "リクエストに付ける識別子です。同じキーで送り直すと最初の応答が返り、処理は繰り返されません。"
                "注文から決まる値にしてください。ランダムなキーでは二重送信を防げません。",
            ),
            (sources.IDEMPOTENCY,),
        ),
    ),
    Term(
        "fulfilment",
        Text("fulfilment", "注文の履行(商品の提供)"),
        "",
        Claim(
            Text(
                "Delivering what was paid for. It must be safe to ask for many times, since the webhook and the return "
                "page both do.",
                "支払いの済んだ商品を引き渡すことです。webhook と戻り先ページの両方から呼ばれるので、"
                "何度呼ばれても安全でなければなりません。",
            ),
            (sources.FULFILLMENT,),
            (f"{CONTRACT}::test_whatever_arrives_twice_delivers_once",),
        ),
    ),
    Term(
        "publishable-key",
        Text("publishable key", "公開可能キー"),
        "pk_…",
        Claim(
            Text(
                "The key that may stand in a page: it makes tokens and cannot read or charge anything.",
                "ページに置いてよいキーです。トークンは作れますが、読み取りも課金もできません。",
            ),
            tests=("tests/sandbox/test_refusals.py::test_only_the_secret_key_opens_the_api",),
        ),
    ),
    Term(
        "secret-key",
        Text("secret key", "シークレットキー"),
        "sk_…",
        Claim(
            Text(
                "The key of the server, which may do everything. It belongs in the environment, never in a page or a "
                "repository.",
                "サーバー用の、あらゆる操作ができるキーです。環境変数に置き、ページやリポジトリには決して入れません。",
            ),
            (sources.SECURITY_GUIDE,),
            ("tests/sandbox/test_refusals.py::test_only_the_secret_key_opens_the_api",),
        ),
    ),
    Term(
        "three-d-secure",
        Text("3-D Secure", "3Dセキュア"),
        "",
        Claim(
            Text(
                "The bank asks the cardholder to confirm a payment. Somebody must show the question: Stripe's page "
                "does, "
                "a bare charge cannot.",
                "カード会社が本人に支払いの確認を求める仕組みです。確認画面を誰かが見せる必要があり、Stripe "
                "のページにはできますが、"
                "Charge だけではできません。",
            ),
            (sources.CHARGES_MIGRATION,),
        ),
    ),
    Term(
        "decline",
        Text("decline", "カードの拒否"),
        "card_declined",
        Claim(
            Text(
                "The issuer says no. `decline_code` says more closely why.",
                "カード会社が支払いを認めないことです。詳しい理由は `decline_code` にあります。",
            ),
            tests=(f"{LEGACY_TEST}::test_a_decline_says_what_happened_and_that_the_card_must_be_entered_again",),
        ),
    ),
    Term(
        "refund",
        Text("refund", "返金"),
        "re_…",
        Claim(
            Text(
                "Giving money back, whole or in part, by charge or by PaymentIntent.",
                "お金を返すことです。全額でも一部でも、Charge でも PaymentIntent でも指定できます。",
            ),
            tests=(f"{CONTRACT}::test_money_is_given_back_in_part_and_then_in_full",),
        ),
    ),
    Term(
        "dispute",
        Text("dispute", "不審請求の申し立て(チャージバック)"),
        "du_… / dp_…",
        Claim(
            Text(
                "The cardholder's bank asks for the money back. The events are the same in both flows.",
                "カード会社がお金の返還を求めることです。イベントはどちらのフローでも同じです。",
            ),
            tests=("tests/bbs/payments/test_books.py::test_a_dispute_is_shown_and_followed_to_its_end",),
        ),
    ),
    Term(
        "capture",
        Text("capture", "売上の確定(キャプチャー)"),
        "capture",
        Claim(
            Text(
                "Taking money that was only reserved before. Both flows can reserve first and capture later.",
                "先に与信枠だけ確保しておいた金額を、実際に請求することです。どちらのフローでも、"
                "確保と確定を分けられます。",
            ),
            tests=("tests/compare/pages/test_parameters.py::test_where_a_parameter_went_is_one_that_the_sdk_knows",),
        ),
    ),
    Term(
        "konbini",
        Text("konbini", "コンビニ決済"),
        "konbini",
        Claim(
            Text(
                "Paying in cash at a Japanese convenience store, up to days after ordering; in yen only.",
                "日本のコンビニエンスストアで、注文から数日以内に現金で支払う方法です。円だけで使えます。",
            ),
            (sources.KONBINI,),
        ),
    ),
    Term(
        "smallest-unit",
        Text("smallest currency unit", "通貨の最小単位"),
        "unit_amount",
        Claim(
            Text(
                "Amounts are whole numbers of it: cents for dollars, but yen for yen, since the yen has no smaller "
                "unit. Times 100 by habit charges a hundredfold.",
                "金額はこの単位の整数です。ドルならセントですが、円にはより小さな単位がないので円のままです。"
                "いつもの癖で100倍すると、"
                "100倍の金額を課金してしまいます。",
            ),
            (sources.ZERO_DECIMAL, sources.YEN_TIMES_100),
        ),
    ),
    Term(
        "metadata",
        Text("metadata", "メタデータ"),
        "metadata",
        Claim(
            Text(
                "Your own words on a Stripe object, given back with it. A session's are not copied to its charge.",
                "Stripe のオブジェクトに付けられる自分用の情報で、一緒に返ってきます。Session のものは Charge "
                "にコピーされません。",
            ),
            (sources.METADATA,),
            ("tests/compare/pages/test_parameters.py::test_a_sessions_metadata_is_not_copied_to_its_charge",),
        ),
    ),
    Term(
        "client-reference-id",
        Text("client reference", "自社側の参照番号"),
        "client_reference_id",
        Claim(
            Text(
                "Your order's number on a session: by it the webhook finds the order.",
                "Session に付ける自社の注文番号です。webhook はこれで注文を見つけます。",
            ),
            tests=("tests/bbs/payments/test_modern.py::test_the_button_leads_to_stripes_page_by_a_303",),
        ),
    ),
    Term(
        "api-version",
        Text("API version", "API バージョン"),
        "Stripe-Version",
        Claim(
            Text(
                "The date whose shapes and rules a call gets. Since stripe-python 6 the package pins it, so updating "
                "the package changes the API you speak.",
                "リクエストと応答の形式や規則を決める日付です。stripe-python 6 "
                "以降はパッケージごとに固定されるため、パッケージを更新すると API のバージョンも変わります。",
            ),
            (sources.SDK_VERSIONS,),
        ),
    ),
    Term(
        "livemode",
        Text("live mode and test mode", "本番モードとテストモード"),
        "livemode",
        Claim(
            Text(
                "Two worlds that do not see each other's objects; the key says which one is meant.",
                "互いのオブジェクトが見えない2つの環境です。どちらになるかはキーで決まります。",
            ),
            (sources.TESTING,),
        ),
    ),
    Term(
        "sandbox",
        Text("sandbox (of this site)", "サンドボックス(このサイトの)"),
        "",
        Claim(
            Text(
                "A stand-in that plays the part of Stripe these two flows use, offline. No money moves in it.",
                "この2つのフローが使う範囲の Stripe をオフラインで演じる代役です。お金は動きません。",
            ),
            tests=(
                "tests/sandbox/test_stories.py::test_a_hosted_card_p"
                "ayment_is_told_in_the_order_that_stripe_was_seen_to_use",
            ),
        ),
    ),
)
