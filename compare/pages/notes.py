"""Notes on the shown code, each held to a line by a piece of it that is there once."""

from __future__ import annotations

from dataclasses import dataclass

from compare.pages import sources
from compare.pages.text import Claim, Text

CONTRACT = "tests/bbs/payments/test_contract.py::TestBothFlows"
LEGACY_TEST = "tests/bbs/payments/test_legacy.py"
MODERN_TEST = "tests/bbs/payments/test_modern.py"
TROUBLES = "tests/bbs/payments/test_stripe_troubles.py"

# Functions of the modern flow that do the work of one with another name in the legacy flow.
TWINS = {
    "_session_changed": "_charge_changed",
    "_create": "_charge",
    "_retrieve": "_find",
    "test_the_button_leads_to_stripes_page_by_a_303": "test_the_button_carries_checkout_js_own_attributes",
}


@dataclass(frozen=True)
class Note:
    """A remark about the line on which `snippet` begins."""

    snippet: str
    claim: Claim


NOTES: dict[str, tuple[Note, ...]] = {
    "bbs/payments/legacy.py": (
        Note(
            '"key": settings.STRIPE_PUBLISHABLE_KEY',
            Claim(
                Text(
                    "The publishable key goes into the page: with it checkout.js may make tokens, and nothing else.",
                    "公開可能キーはページに入ります。checkout.js はこのキーでトークンを作れますが、"
                    "それ以外はできません。",
                ),
                tests=("tests/sandbox/test_refusals.py::test_only_the_secret_key_opens_the_api",),
            ),
        ),
        Note(
            '"amount": order.amount,',
            Claim(
                Text(
                    "Shown in the dialog, never charged. What is charged is `amount` in `_charge` below.",
                    "ダイアログに表示されるだけで、課金には使われません。課金されるのは下の `_charge` の `amount` "
                    "です。",
                ),
                (sources.LEGACY_CHECKOUT,),
                (f"{CONTRACT}::test_what_the_browser_says_of_the_price_is_not_listened_to",),
            ),
        ),
        Note(
            'token = request.POST.get("stripeToken", "")',
            Claim(
                Text(
                    "All that comes of the card: a [[token|token]], good for one charge. Modern has no such line, "
                    "since "
                    "nothing of the card comes to us at all.",
                    "カードについて届くのは[[token|トークン]]だけで、使えるのは1回です。modern にこの行はありません。"
                    "カードに"
                    "関するものは何も届かないからです。",
                ),
                (sources.LEGACY_CHECKOUT,),
                (f"{LEGACY_TEST}::test_a_token_that_another_order_spent_is_refused",),
            ),
        ),
        Note(
            "if ledger.begin_attempt(payment, token, _email(request)):",
            Claim(
                Text(
                    "The payment is claimed for this token before anything is charged, so a double click charges once.",
                    "課金の前に、この支払いをこのトークンのものとして確保します。二度押しされても課金は1回です。",
                ),
                (sources.DOUBLE_CLICK,),
                (f"{CONTRACT}::test_a_double_click_is_one_payment",),
            ),
        ),
        Note(
            "charge=payment.charge_id,",
            Claim(
                Text(
                    "A charge is given back by its own id. Modern gives back by the [[payment-intent|PaymentIntent]]; "
                    "both are valid, so old payments stay refundable after a move.",
                    "Charge はその ID で返金します。modern は [[payment-intent|PaymentIntent]] で返金します。"
                    "どちらも有効なので、"
                    "移行後も昔の決済を返金できます。",
                ),
                tests=(f"{CONTRACT}::test_money_is_given_back_in_part_and_then_in_full",),
            ),
        ),
        Note(
            '"charge.succeeded",',
            Claim(
                Text(
                    "The tutorials have no webhook here. Without one, a charge whose answer was lost is money nobody "
                    "knows of.",
                    "チュートリアルのコードには、ここに webhook がありません。webhook がないと、"
                    "応答を受け取れなかった Charge に誰も気づけません。",
                ),
                tests=(f"{CONTRACT}::test_the_webhook_alone_settles_when_the_visitor_never_comes_back",),
            ),
        ),
        Note(
            "charge = stripe.Charge.create(",
            Claim(
                Text(
                    "The call to move away from. It blocks until the bank has answered, and the money has moved when "
                    "it "
                    "returns.",
                    "置き換えるべき呼び出しです。カード会社の回答を待ち、戻ってきたときにはお金が動いています。",
                ),
                (sources.CHARGES_MIGRATION,),
                ("tests/compare/pages/test_old_code.py::test_charge_create_says_that_it_will_be_removed",),
            ),
        ),
        Note(
            'idempotency_key=f"',
            Claim(
                Text(
                    "The [[idempotency-key|idempotency key]] holds the token, because a decline is replayed under the "
                    "same key: the next card must be a new attempt.",
                    "[[idempotency-key|冪等キー]]にトークンを含めます。同じキーでは拒否の応答もそのまま返るため、"
                    "次のカードは別のキーで試す必要があります。",
                ),
                (sources.IDEMPOTENCY,),
                ("tests/compare/pages/test_old_code.py::test_a_decline_is_replayed_under_the_same_key",),
            ),
        ),
        Note(
            "except stripe.CardError as error:",
            Claim(
                Text(
                    "A decline arrives here, and we must show it. In modern Stripe's page shows it.",
                    "カードの拒否はここに届き、自分で表示する必要があります。modern では Stripe のページが表示します。",
                ),
                tests=(f"{LEGACY_TEST}::test_a_decline_says_what_happened_and_that_the_card_must_be_entered_again",),
            ),
        ),
        Note(
            "def _find(payment: Payment)",
            Claim(
                Text(
                    "Modern needs no search: the session's id is known before anybody can pay.",
                    "modern では探す必要がありません。支払いが可能になる前に Session の ID が分かっているからです。",
                ),
                tests=(f"{TROUBLES}::test_a_charge_whose_answer_was_lost_is_found_and_not_made_again",),
            ),
        ),
    ),
    "bbs/payments/modern.py": (
        Note(
            "return {}",
            Claim(
                Text(
                    "No script, no key, no amount: the button is a plain form.",
                    "スクリプトもキーも金額もありません。ボタンはただのフォームです。",
                ),
                tests=("tests/browser/test_paying.py::test_modern_works_without_scripts",),
            ),
        ),
        Note(
            "session = confirm(payment)",
            Claim(
                Text(
                    "The same form sent again, or from another tab, leads to the one session that stands.",
                    "同じフォームがもう一度、または別のタブから送られても、行き先は1つの Session です。",
                ),
                tests=(f"{TROUBLES}::test_a_lost_session_is_found_again_by_the_same_form",),
            ),
        ),
        Note(
            "return HttpResponseRedirect(session.url,",
            Claim(
                Text(
                    "What `redirectToCheckout` used to do. 303 says: fetch the new address with GET.",
                    "かつて `redirectToCheckout` が担っていた部分です。303 は「次のアドレスを GET "
                    "で取得せよ」という意味です。",
                ),
                (sources.REDIRECT_REMOVED,),
                (f"{MODERN_TEST}::test_the_button_leads_to_stripes_page_by_a_303",),
            ),
        ),
        Note(
            '"payment_intent": payment.payment_intent_id,',
            Claim(
                Text(
                    "Known only once the session is paid: at creation `session.payment_intent` is null.",
                    "支払い後に初めて分かります。Session を作った時点では `session.payment_intent` は null です。",
                ),
                (sources.INTENT_DEFERRED,),
            ),
        ),
        Note(
            'if session.payment_status != "paid":',
            Claim(
                Text(
                    "The proof. Neither the visitor's return, nor `customer`, nor `status` alone is one: a konbini "
                    "order "
                    "is complete and unpaid.",
                    "これが支払いの証拠です。お客様が戻ったことも、`customer` も、`status` "
                    "だけでも証拠になりません。コンビニ決済の注文は complete でも未払いです。",
                ),
                (sources.FULFILLMENT, sources.KONBINI_EVENTS),
                ("tests/compare/pages/test_capabilities.py::test_konbini_completes_unpaid_and_is_paid_later",),
            ),
        ),
        Note(
            '"checkout.session.async_payment_succeeded",',
            Claim(
                Text(
                    "For money that arrives later. Legacy has no counterpart: a card is paid or it is not.",
                    "入金が後になる支払い方法のためのイベントです。legacy に対応するものはありません。"
                    "カードの結果はその場で決まるからです。",
                ),
                (sources.FULFILLMENT,),
            ),
        ),
        Note(
            "success_url = f",
            Claim(
                Text(
                    "Stripe replaces `{CHECKOUT_SESSION_ID}`; quoted by `urlencode` it would stay as it is.",
                    "`{CHECKOUT_SESSION_ID}` は Stripe が置き換えます。`urlencode` "
                    "でエスケープすると置き換わりません。",
                ),
                tests=(f"{MODERN_TEST}::test_the_button_leads_to_stripes_page_by_a_303",),
            ),
        ),
        Note(
            '"unit_amount": payment.unit_amount,',
            Claim(
                Text(
                    "In the currency's smallest unit, as ever: ¥2,000 is 2000, $20.00 is 2000.",
                    "これまでどおり通貨の最小単位です。¥2,000 は 2000、$20.00 も 2000 です。",
                ),
                (sources.ZERO_DECIMAL,),
                (f"{CONTRACT}::test_dollars_are_taken_in_cents_and_quantities_are_multiplied",),
            ),
        ),
        Note(
            '"payment_intent_data": {"metadata": metadata}',
            Claim(
                Text(
                    "Without this line, `charge.*` events of this payment would not say whose it is.",
                    "この行がないと、この決済の `charge.*` イベントから、どの注文のものか分かりません。",
                ),
                tests=("tests/compare/pages/test_parameters.py::test_a_sessions_metadata_is_not_copied_to_its_charge",),
            ),
        ),
        Note(
            'options={"idempotency_key": f"',
            Claim(
                Text(
                    "No token in this [[idempotency-key|key]]: one order is one session, whatever cards are tried in "
                    "it. "
                    "`attempt` counts up after an answer of 500, since Stripe stores and repeats that one too.",
                    "この[[idempotency-key|キー]]にトークンはありません。何枚のカードを試しても、1つの注文は1つの "
                    "Session です。"
                    "`attempt` は 500 の答えのあとで増やします。Stripe はその答えも保存して繰り返すからです。",
                ),
                (sources.IDEMPOTENCY,),
            ),
        ),
    ),
    "templates/payments/legacy/button.html": (
        Note(
            '<script src="{{ button.src }}"',
            Claim(
                Text(
                    "Stripe's script runs in our page, so our Content-Security-Policy must let it.",
                    "Stripe のスクリプトが自サイトのページで動くため、Content-Security-Policy "
                    "で許可する必要があります。",
                ),
                (sources.LEGACY_CHECKOUT, sources.SECURITY_GUIDE),
            ),
        ),
        Note(
            'data-currency="{{ button.currency }}"',
            Claim(
                Text(
                    "Left out, the dialog shows dollars, whatever the server charges.",
                    "省略すると、サーバーの課金通貨と関係なく、ダイアログはドルで表示します。",
                ),
                (sources.YEN_DEFAULT_USD,),
            ),
        ),
        Note(
            "<noscript>",
            Claim(
                Text(
                    "Without JavaScript there is no dialog, no token, and no sale.",
                    "JavaScript がなければ、ダイアログもトークンも売上もありません。",
                ),
                (sources.LEGACY_CHECKOUT,),
            ),
        ),
    ),
    "templates/payments/modern/button.html": (
        Note(
            '<form method="post"',
            Claim(
                Text(
                    "A plain form. `data-pay` lets our own script show a spinner; without it the form does the same.",
                    "ただのフォームです。`data-pay` は自前のスクリプトが待機表示を出すためのもので、"
                    "なくても同じように動きます。",
                ),
                tests=("tests/browser/test_paying.py::test_modern_works_without_scripts",),
            ),
        ),
    ),
    "bbs/payments/__init__.py": (
        Note(
            "FLOWS = {Flow.LEGACY: legacy, Flow.MODERN: modern}",
            Claim(
                Text(
                    "Both flows run at once, so a move is a flag and not a night.",
                    "両方のフローが同時に動きます。移行は一晩がかりの作業ではなく、フラグの切り替えで済みます。",
                ),
                tests=(f"{CONTRACT}::test_a_form_rendered_before_the_flag_was_flipped_still_works",),
            ),
        ),
    ),
}
