"""Each test card of Stripe's table does what the table says: as a token, in the dialog's call, on the hosted page."""

from __future__ import annotations

import pytest
import stripe
from django.test import Client

from stripe_sandbox.cards import limits
from stripe_sandbox.cards.card import UNAUTHENTICATED, Card, Decline, luhn
from stripe_sandbox.cards.catalogue import BY_KEY, BY_NUMBER, BY_TOKEN, CARDS
from stripe_sandbox.testing import drain, pay
from tests.stripe_sandbox.stage.calls import session

pytestmark = pytest.mark.django_db(databases="__all__")


CHARGE = {"amount": 2000, "currency": "jpy"}


TOKENS = [(f"tok_{token}", card) for card in CARDS for token in card.tokens]


NUMBERS = list(BY_NUMBER.values())
# The tokens of https://docs.stripe.com/testing, as they were in September 2026, but those of the countries.
DOCUMENTED = """
    visa visa_debit mastercard mastercard_debit mastercard_prepaid amex discover diners jcb unionpay
    visa_cartesBancaires mastercard_cartesBancaires visa_debit_eftposAuCoBranded mastercard_debit_eftposAuCoBranded
    visa_chargeDeclined visa_chargeDeclinedInsufficientFunds visa_debit_chargeDeclinedInsufficientFunds
    visa_chargeDeclinedLostCard visa_chargeDeclinedStolenCard chargeDeclinedExpiredCard visa_chargeDeclinedExpiredCard
    visa_chargeDeclinedFraudulent chargeDeclinedIncorrectCvc visa_chargeDeclinedIncorrectCvc
    chargeDeclinedProcessingError visa_chargeDeclinedProcessingError visa_chargeDeclinedVelocityLimitExceeded
    chargeCustomerFail visa_chargeCustomerFail visa_chargeCustomerFailLostCard visa_chargeCustomerFailStolenCard
    radarBlock riskLevelHighest riskLevelElevated highFraudDisputeScore highEfwScore radarDynamicRiskThreshold
    adaptive3dsChallenge cvcCheckFail avsZipFail cvcCheckFailElevatedRisk avsZipFailElevatedRisk avsLine1Fail avsFail
    avsUnchecked createDispute createDisputeProductNotReceived createDisputeInquiry createIssuerFraudRecord
    createMultipleDisputes createCe3EligibleDispute createComplianceDispute createMastercardComplianceDispute
    createAutoRepresentmentEligibleDispute createRapidDisputeResolutionDispute createCe3BlockDispute createEthocaAlert
    pendingRefund refundFail bypassPending bypassPendingInternational threeDSecure2Required
    threeDSecureRequiredChargeDeclined threeDSecureRequiredProcessingError threeDSecureOptional
    threeDSecureOptionalProcessingError amex_threeDSecureNotSupported authenticationRequiredOnSetup
    authenticationRequired authenticationRequiredSetupForOffSession
    authenticationRequiredChargeDeclinedInsufficientFunds
""".split()
COUNTRIES = """
    us ar br ca cl co cr ec mx pa py pe uy ae ae_mastercard at be bg by hr cy cz dk ee fi fr de gi gr hu ie it lv li lt
    lu mt nl no pl pt ro si sk es se ch gb gb_debit gb_mastercard au cn hk in jp my nz sg tw th_credit th_debit
""".split()
CONFIRM = {
    "amount": 2000,
    "currency": "jpy",
    "confirm": True,
    "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
}


def expected(card: Card) -> Decline | None:
    """Return what a legacy charge of the card meets: it cannot ask for 3-D Secure."""
    return UNAUTHENTICATED if card.issuer_asks else card.decline


def charge(api: stripe.StripeClient, source: str, decline: Decline | None) -> None:
    if decline is None:
        assert api.v1.charges.create(params={**CHARGE, "source": source}).status == "succeeded"
        return
    with pytest.raises(stripe.CardError) as caught:
        api.v1.charges.create(params={**CHARGE, "source": source})
    error = caught.value.error
    assert (error.code, error.decline_code) == (decline.code, decline.decline_code or None)
    failed = api.v1.charges.retrieve(error.charge)
    assert (failed.failure_code, failed.outcome.type) == (decline.code, decline.type)


@pytest.mark.parametrize(("token", "card"), TOKENS, ids=[token for token, _ in TOKENS])
def test_a_magic_token_is_charged_as_its_card_is(token: str, card: Card, api: stripe.StripeClient) -> None:
    charge(api, token, expected(card))


@pytest.mark.parametrize("card", NUMBERS, ids=[card.key for card in NUMBERS])
def test_a_typed_number_is_charged_as_its_card_is(
    card: Card, api: stripe.StripeClient, browser_api: stripe.StripeClient
) -> None:
    typed = {"number": card.number, "exp_month": 12, "exp_year": 2040, "cvc": "1234" if card.brand == "amex" else "123"}

    token = browser_api.v1.tokens.create(params={"card": typed})

    assert (token.card.last4, token.card.country, token.card.funding) == (card.last4, card.country, card.funding)
    charge(api, token.id, expected(card))


@pytest.mark.parametrize("card", NUMBERS, ids=[card.key for card in NUMBERS])
def test_the_hosted_page_pays_declines_or_asks_as_its_card_does(
    card: Card, api: stripe.StripeClient, client: Client
) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    answer = pay(client.post, made.url, cardNumber=card.spaced, cardCvc="1234" if card.brand == "amex" else "123")
    if card.secure == "required":
        assert answer["Location"].startswith("/sandbox/authenticate/pi_3")
        answer = client.post(answer["Location"], {"outcome": "complete"}, follow=False)

    done = api.v1.checkout.sessions.retrieve(made.id, params={"expand": ["payment_intent"]})
    if card.decline:
        assert answer.status_code == 402
        assert (done.status, done.payment_intent.last_payment_error.code) == ("open", card.decline.code)
    else:
        assert answer.status_code == 303
        assert (done.status, done.payment_status) == ("complete", "paid")


def test_every_documented_token_has_a_card_or_is_a_limit() -> None:
    missing = [name for name in DOCUMENTED + COUNTRIES if name not in BY_TOKEN and name not in limits.BY_TOKEN]

    assert missing == []


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_countrys_token_is_a_card_of_that_country(country: str) -> None:
    assert BY_TOKEN[country].country == country[:2].upper()


def test_the_keys_and_tokens_are_each_of_one_card_and_the_numbers_can_be_typed() -> None:
    assert len(BY_KEY) == len(CARDS)
    assert sum(len(card.tokens) for card in CARDS) == len(BY_TOKEN)
    assert [card.number for card in CARDS if not luhn(card.number)] == []


@pytest.mark.parametrize(("token", "card"), TOKENS, ids=[f"pm_card_{token[4:]}" for token, _ in TOKENS])
def test_a_magic_payment_method_is_confirmed_as_its_card_is(token: str, card: Card, api: stripe.StripeClient) -> None:
    params = {**CONFIRM, "payment_method": f"pm_card_{token.removeprefix('tok_')}"}
    if card.decline and card.secure != "required":
        with pytest.raises(stripe.CardError) as caught:
            api.v1.payment_intents.create(params=params)
        assert caught.value.code == card.decline.code
        return

    intent = api.v1.payment_intents.create(params=params)

    assert intent.status == ("requires_action" if card.secure == "required" else "succeeded")


def test_a_co_branded_card_names_both_networks(api: stripe.StripeClient) -> None:
    shown = api.v1.payment_methods.retrieve("pm_card_visa_cartesBancaires").card

    assert (shown.brand, shown.networks.available) == ("visa", ["visa", "cartes_bancaires"])


@pytest.mark.parametrize(
    ("token", "line1", "postal_code"),
    [
        ("avsFail", "fail", "fail"),
        ("avsLine1Fail", "fail", "pass"),
        ("avsZipFail", "pass", "fail"),
        ("avsUnchecked", "unavailable", "unavailable"),
        ("visa", None, None),
    ],
)
def test_an_address_is_checked_as_the_card_says(
    token: str, line1: str | None, postal_code: str | None, api: stripe.StripeClient
) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "source": f"tok_{token}"})

    checks = charge.payment_method_details.card.checks
    assert (checks.address_line1_check, checks.address_postal_code_check) == (line1, postal_code)
    assert (charge.source.address_line1_check, charge.source.address_zip_check) == (line1, postal_code)


def test_an_address_that_is_not_given_is_not_checked(
    api: stripe.StripeClient, browser_api: stripe.StripeClient
) -> None:
    typed = {"number": "4000000000000010", "exp_month": 12, "exp_year": 2040}
    bare = browser_api.v1.tokens.create(params={"card": typed}).card
    given = browser_api.v1.tokens.create(params={"card": {**typed, "address_zip": "1000001"}}).card

    assert (bare.address_line1_check, bare.address_zip_check) == (None, None)
    assert (given.address_line1_check, given.address_zip_check) == (None, "fail")


def test_a_payment_can_be_disputed_more_than_once_and_never_for_more_than_it_was(api: stripe.StripeClient) -> None:
    charge = api.v1.charges.create(params={**CHARGE, "source": "tok_createMultipleDisputes"})

    drain(ahead=5)

    disputes = api.v1.disputes.list(params={"charge": charge.id}).data
    assert [(dispute.amount, dispute.reason) for dispute in disputes] == [(1000, "fraudulent")] * 2


def test_a_card_that_was_set_up_passes_without_the_cardholder(api: stripe.StripeClient) -> None:
    method = "pm_card_authenticationRequiredSetupForOffSession"
    intent = api.v1.payment_intents.create(params={**CONFIRM, "payment_method": method, "off_session": True})

    assert intent.status == "succeeded"


def test_a_frictionless_card_is_authenticated_without_a_challenge(client: Client, api: stripe.StripeClient) -> None:
    made = api.v1.checkout.sessions.create(params=session())

    pay(client.post, made.url, cardNumber=BY_KEY["frictionless"].number)

    done = api.v1.checkout.sessions.retrieve(made.id, params={"expand": ["payment_intent.latest_charge"]})
    secure = done.payment_intent.latest_charge.payment_method_details.card.three_d_secure
    assert (done.payment_status, secure.authentication_flow, secure.result) == ("paid", "frictionless", "authenticated")
