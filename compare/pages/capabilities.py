"""What each era can do: yes, no, or with conditions, each with what shows it."""

from __future__ import annotations

from dataclasses import dataclass

from compare.pages import sources
from compare.pages.text import Claim, Text

HERE = "tests/compare/pages/test_capabilities.py"
CONTRACT = "tests/bbs/payments/test_contract.py::TestBothFlows"
LEGACY_TEST = "tests/bbs/payments/test_legacy.py"
PARAMETERS = "tests/compare/pages/test_parameters.py"
NOT_IN_CHARGE = f"{HERE}::test_a_charge_has_no_parameter_for_it_and_a_session_has"

YES, NO, CONDITIONS, PLAIN = "yes", "no", "conditions", "plain"
VERDICTS = {
    YES: ("✔", Text("yes", "できる")),
    NO: ("✖", Text("no", "できない")),
    CONDITIONS: ("◐", Text("with conditions", "条件つき")),
    PLAIN: ("", Text("", "")),
}


@dataclass(frozen=True)
class Cell:
    """One era's answer. A plain one is no question of yes or no."""

    verdict: str
    claim: Claim

    @property
    def sign(self) -> str:
        return VERDICTS[self.verdict][0]

    @property
    def word(self) -> Text:
        return VERDICTS[self.verdict][1]


@dataclass(frozen=True)
class Capability:
    """A question, and the answers of the eras; without a `redirect` of its own, the page of today answers for both."""

    slug: str
    title: Text
    tokens: Cell
    url: Cell
    redirect: Cell | None = None
    try_it: Text | None = None


def _cell(verdict: str, en: str, ja: str, *tests: str, source: tuple[str, ...] = ()) -> Cell:
    return Cell(verdict, Claim(Text(en, ja), source, tests))


CAPABILITIES = (
    Capability(
        "three-d-secure",
        Text("3-D Secure", "3Dセキュア"),
        _cell(
            NO,
            "A card that needs it is declined with `authentication_required`.",
            "必要なカードは `authentication_required` で拒否されます。",
            f"{HERE}::test_a_card_that_needs_authentication_is_declined_as_a_charge",
            source=(sources.CHARGES_MIGRATION,),
        ),
        _cell(
            YES,
            "Stripe's page asks, and the payment goes on.",
            "Stripe のページが認証を求め、支払いが続きます。",
            "tests/sandbox/browser/test_hosted_page.py::test_three_d_secure_fails_and_is_then_completed",
            source=(sources.CHARGES_MIGRATION,),
        ),
        try_it=Text(
            "Pay with `4000 0027 6000 3184` in both flows.",
            "`4000 0027 6000 3184` で、両方のフローで支払ってみてください。",
        ),
    ),
    Capability(
        "wallets",
        Text("Apple Pay, Google Pay", "Apple Pay・Google Pay"),
        _cell(
            NO,
            "They came with the new Checkout.",
            "新しい Checkout で使えるようになりました。",
            source=(sources.CHECKOUT_MIGRATION,),
        ),
        _cell(
            CONDITIONS,
            "No code of yours; shown where the device and the browser have one.",
            "追加のコードは不要です。対応する端末とブラウザーで表示されます。",
            source=(sources.WALLETS,),
        ),
    ),
    Capability(
        "konbini",
        Text("Konbini", "コンビニ決済"),
        _cell(NO, "The dialog takes cards.", "ダイアログで使えるのはカードです。", source=(sources.LEGACY_CHECKOUT,)),
        _cell(
            CONDITIONS,
            "In yen, once, switched on in the Dashboard.",
            "円の一回払いで、Dashboard で有効にした場合に使えます。",
            f"{HERE}::test_konbini_completes_unpaid_and_is_paid_later",
            source=(sources.KONBINI,),
        ),
        try_it=Text(
            "Choose konbini on Stripe's page, in the modern flow.",
            "modern フローの Stripe のページで、コンビニを選んでみてください。",
        ),
    ),
    Capability(
        "delayed-payment",
        Text("Money that arrives later", "後日の入金"),
        _cell(
            NO,
            "A card charge is paid or refused when the call returns.",
            "カードの Charge は、呼び出しから戻った時点で成功か拒否かが決まっています。",
            f"{HERE}::test_a_charge_is_paid_or_refused_at_once",
        ),
        _cell(
            CONDITIONS,
            "`checkout.session.completed` comes unpaid; `async_payment_succeeded` or `async_payment_failed` follows.",
            "`checkout.session.completed` は未払いで届き、後から `async_payment_succeeded` か `async_payment_failed` "
            "が届きます。",
            f"{HERE}::test_konbini_completes_unpaid_and_is_paid_later",
            source=(sources.FULFILLMENT,),
        ),
        try_it=Text(
            "Pay at the konbini, and see the receipt wait for the money.",
            "コンビニで支払い、レシートが入金を待つ様子を見てください。",
        ),
    ),
    Capability(
        "refunds",
        Text("Refunds", "返金"),
        _cell(
            YES,
            "In full or in part, by the charge.",
            "全額でも一部でも、Charge を指定して返金できます。",
            f"{CONTRACT}::test_money_is_given_back_in_part_and_then_in_full",
        ),
        _cell(
            YES,
            "In full or in part, by the PaymentIntent.",
            "全額でも一部でも、PaymentIntent を指定して返金できます。",
            f"{CONTRACT}::test_money_is_given_back_in_part_and_then_in_full",
        ),
        try_it=Text(
            "Give a payment back in the sandbox's dashboard, and look at its receipt again.",
            "サンドボックスのダッシュボードで返金し、レシートをもう一度見てください。",
        ),
    ),
    Capability(
        "disputes",
        Text("Disputes", "不審請求の申し立て"),
        _cell(
            YES,
            "Told by `charge.dispute.created` and `charge.dispute.closed`.",
            "`charge.dispute.created` と `charge.dispute.closed` で知らされます。",
            "tests/bbs/payments/test_books.py::test_a_dispute_is_shown_and_followed_to_its_end",
        ),
        _cell(
            YES,
            "By the same events.",
            "同じイベントです。",
            "tests/bbs/payments/test_books.py::test_a_dispute_is_shown_and_followed_to_its_end",
        ),
        try_it=Text(
            "Pay with `4000 0000 0000 0259`, and look at the receipt again.",
            "`4000 0000 0000 0259` で支払い、しばらくしてレシートを見てください。",
        ),
    ),
    Capability(
        "receipts",
        Text("Receipts by Stripe", "Stripe からの領収書"),
        _cell(
            CONDITIONS,
            "With `receipt_email`, in live mode only.",
            "`receipt_email` を指定した、本番モードの決済だけです。",
            f"{PARAMETERS}::test_the_sdk_says_that_receipts_are_for_live_payments",
        ),
        _cell(
            CONDITIONS,
            "With `payment_intent_data.receipt_email`, in live mode.",
            "`payment_intent_data.receipt_email` を指定した、本番モードの決済です。",
            f"{HERE}::test_a_sessions_receipt_is_for_live_payments_too",
        ),
    ),
    Capability(
        "taxes",
        Text("Taxes computed by Stripe", "Stripe による税の計算"),
        _cell(NO, "A charge is one amount.", "Charge は1つの金額だけです。", NOT_IN_CHARGE),
        _cell(
            CONDITIONS,
            "`automatic_tax`, once the account is set up for it.",
            "アカウントで設定したうえで、`automatic_tax` を使います。",
            NOT_IN_CHARGE,
            source=(sources.SESSION_CREATE,),
        ),
    ),
    Capability(
        "coupons",
        Text("Coupons and promotion codes", "クーポンとプロモーションコード"),
        _cell(NO, "You subtract them yourself.", "自分で差し引きます。", NOT_IN_CHARGE),
        _cell(
            YES,
            "`discounts`, or `allow_promotion_codes` for codes typed on the page.",
            "`discounts` か、ページで入力してもらう `allow_promotion_codes` を使います。",
            NOT_IN_CHARGE,
            source=(sources.SESSION_CREATE,),
        ),
    ),
    Capability(
        "saved-cards",
        Text("Cards kept for later", "カードの保存"),
        _cell(
            CONDITIONS,
            "Attach the token to a Customer, then charge the Customer.",
            "トークンを Customer に付け、その Customer に課金します。",
            f"{PARAMETERS}::test_an_example_is_accepted_and_does_what_it_says",
        ),
        _cell(
            CONDITIONS,
            "`payment_intent_data.setup_future_usage`, with a Customer.",
            "Customer とともに `payment_intent_data.setup_future_usage` を指定します。",
            f"{HERE}::test_the_sdk_says_how_a_card_is_kept",
        ),
    ),
    Capability(
        "scripts",
        Text("Scripts on your page, and whose", "ページに置くスクリプトと提供元"),
        _cell(
            PLAIN,
            "Stripe's `checkout.js`.",
            "Stripe の `checkout.js` です。",
            f"{LEGACY_TEST}::test_the_button_carries_checkout_js_own_attributes",
            source=(sources.LEGACY_CHECKOUT,),
        ),
        _cell(
            PLAIN,
            "None.",
            "ありません。",
            "tests/browser/test_paying.py::test_modern_works_without_scripts",
        ),
        _cell(PLAIN, "Stripe.js.", "Stripe.js です。", source=(sources.REDIRECT_REMOVED,)),
        try_it=Text(
            "Look at the source of the shop in both flows.", "両方のフローで、購入欄の HTML ソースを見比べてください。"
        ),
    ),
    Capability(
        "csp",
        Text("What the CSP must allow", "CSP で許可するもの"),
        _cell(
            PLAIN,
            "Script, frame and connection of `checkout.stripe.com`, for the script itself.",
            "スクリプトを動かすため、`checkout.stripe.com` の script・frame・connect を許可します。",
            f"{HERE}::test_the_policy_for_real_keys_is_what_the_page_says",
        ),
        _cell(
            PLAIN,
            "`form-action` to `checkout.stripe.com`, where a form answers with the redirect; no script.",
            "フォームの応答でリダイレクトする場合に、`form-action` で `checkout.stripe.com` を許可します。"
            "スクリプトは不要です。",
            f"{HERE}::test_the_policy_for_real_keys_is_what_the_page_says",
        ),
        _cell(
            PLAIN,
            "What Stripe.js asks for.",
            "Stripe.js が必要とするものを許可します。",
            source=(sources.SECURITY_GUIDE,),
        ),
    ),
    Capability(
        "pci",
        Text("PCI scope", "PCI DSS の対象範囲"),
        _cell(
            PLAIN,
            "Card data goes to Stripe and not through your server, over HTTPS. What you must attest, the Dashboard "
            "says.",
            "カード情報は HTTPS で Stripe に直接送られ、自サーバーを通りません。提出すべき書類は Dashboard "
            "で確認できます。",
            source=(sources.SECURITY_GUIDE,),
        ),
        _cell(
            PLAIN,
            "The same, and the page that takes the card is not yours either.",
            "同じです。加えて、カードを入力するページも Stripe 側にあります。",
            source=(sources.SECURITY_GUIDE,),
        ),
    ),
    Capability(
        "without-scripts",
        Text("Works without JavaScript", "JavaScript なしで動く"),
        _cell(
            NO,
            "The dialog is a script.",
            "ダイアログ自体がスクリプトで動きます。",
            source=(sources.LEGACY_CHECKOUT,),
        ),
        _cell(
            YES,
            "A form and a redirect.",
            "フォームとリダイレクトだけです。",
            "tests/browser/test_paying.py::test_modern_works_without_scripts",
        ),
        _cell(
            NO,
            "The redirect was a script's.",
            "リダイレクトがスクリプト任せでした。",
            source=(sources.REDIRECT_REMOVED,),
        ),
        try_it=Text(
            "Switch JavaScript off, and pay in both flows.",
            "JavaScript を無効にして、両方のフローで支払ってみてください。",
        ),
    ),
    Capability(
        "places",
        Text("Places to implement", "実装する場所"),
        _cell(
            PLAIN,
            "The button, and the view that charges. A webhook too, unless lost answers may stay lost.",
            "ボタンと、課金するビューです。応答を受け取れなかった場合に備えるなら、webhook も必要です。",
            f"{CONTRACT}::test_the_webhook_alone_settles_when_the_visitor_never_comes_back",
            source=(sources.LEGACY_CHECKOUT,),
        ),
        _cell(
            PLAIN,
            "The view that redirects, the page to return to, and the webhook.",
            "リダイレクトするビュー、戻り先のページ、webhook です。",
            source=(sources.FULFILLMENT,),
        ),
        _cell(
            PLAIN,
            "Those three, and the script that redirects.",
            "その三つに加えて、リダイレクトするスクリプトです。",
            source=(sources.REDIRECT_REMOVED, sources.FULFILLMENT),
        ),
    ),
    Capability(
        "calls",
        Text("Calls of our server per sale", "1回の販売でサーバーが行う呼び出し"),
        _cell(
            PLAIN,
            "One: `Charge.create`.",
            "1回です。`Charge.create` です。",
            f"{HERE}::test_a_legacy_sale_takes_one_call",
        ),
        _cell(
            PLAIN,
            "Two: one makes the session, one asks for it when the visitor is back.",
            "2回です。Session を作るときと、お客様が戻って確かめるときです。",
            f"{HERE}::test_a_modern_sale_takes_a_call_before_and_a_call_after",
        ),
        try_it=Text(
            "Pay in both flows, and count the calls on the wire.",
            "両方のフローで支払い、通信の記録で呼び出しを数えてみてください。",
        ),
    ),
    Capability(
        "declines",
        Text("Who shows the decline", "カードの拒否を表示するのは誰か"),
        _cell(
            PLAIN,
            "Your site, in your words; the card is entered again.",
            "自サイトが、自分で用意した文言で表示します。カードは入力し直しになります。",
            f"{LEGACY_TEST}::test_a_decline_says_what_happened_and_that_the_card_must_be_entered_again",
        ),
        _cell(
            PLAIN,
            "Stripe's page, which then takes the next card.",
            "Stripe のページが表示し、そのまま別のカードで続けられます。",
            "tests/browser/test_paying.py::test_modern_shows_a_decline_on_stripes_page_and_another_card_pays_there",
        ),
        try_it=Text(
            "Pay with `4000 0000 0000 9995` in both flows.",
            "`4000 0000 0000 9995` で、両方のフローで支払ってみてください。",
        ),
    ),
)
