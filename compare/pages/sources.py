"""Where Stripe, or somebody who was there, says it. Claims name these and no address of their own."""

from __future__ import annotations

# The first era: tokens and charges
LAUNCH_2013 = "http://arches.io/posts/bold-move-stripe/"
LEGACY_CHECKOUT = "https://stripe.com/docs/legacy-checkout"
CHARGES_CREATE = "https://stripe.com/docs/api/charges/create?lang=php"
CHARGES_MIGRATION = "https://docs.stripe.com/payments/payment-intents/migration/charges"
CHECKOUT_MIGRATION = "https://docs.stripe.com/payments/checkout/migration"
PAYMENT_METHODS_MIGRATION = "https://docs.stripe.com/payments/payment-methods/transitioning"
YEN_TIMES_100 = "https://github.com/InvoicePlane/InvoicePlane/issues/1677"
YEN_DEFAULT_USD = "https://qiita.com/ssh_nitta/items/4d7bdc1e1e581bfd7a2e"
SPENT_AFTER_DECLINE = "https://github.com/opencollective/opencollective/issues/2782"
DOUBLE_CLICK = "https://github.com/lightspeedretail/webstore/issues/158"

# The second and third era: Checkout Sessions
URL_SHIPPED_2021 = "https://github.com/stripe/stripe-php/issues/1076"
REDIRECT_REMOVED = "https://docs.stripe.com/changelog/clover/2025-09-30/remove-redirect-to-checkout"
LINE_ITEMS_REPLACED = "https://docs.stripe.com/changelog/2022-08-01/replaces-line-item-create-checkout-session"
CUSTOMER_IF_REQUIRED = "https://docs.stripe.com/changelog/2022-08-01/default-customer-creation-checkout-session"
INTENT_DEFERRED = "https://docs.stripe.com/changelog/2022-08-01/deferred-paymentintent-checkout-session"
CHARGES_OF_INTENT = "https://docs.stripe.com/changelog/2022-11-15/removes-charges-attribute-paymentintent"
UI_MODES_RENAMED = "https://docs.stripe.com/changelog/dahlia/2026-03-25/updates-available-checkout-session-ui-modes"
METHOD_TYPES_SESSION = (
    "https://docs.stripe.com/changelog/endive/2026-09-30/remove-payment-method-types-checkout-sessions"
)
METHOD_TYPES_INTENT = (
    "https://docs.stripe.com/changelog/endive/2026-09-30/"
    "removes-the-payment-method-types-parameter-from-payment-intents-and-setup-intents"
)
FULFILLMENT = "https://docs.stripe.com/checkout/fulfillment"
KONBINI = "https://stripe.com/docs/payments/konbini/accept-a-payment"
KONBINI_EVENTS = "https://qiita.com/hideokamoto/items/f0304cb005f276e35d43"
CUSTOMER_NULL_JA = "https://qiita.com/hideokamoto/items/e00088b672618876bd8c"
WALLETS = "https://github.com/stripe-samples/checkout-one-time-payments/issues/72"
SESSION_CREATE = "https://docs.stripe.com/api/checkout/sessions/create"
SUCCESS_IS_NO_PROOF = "https://github.com/testdrivenio/django-stripe-checkout/issues/1"
REDIRECT_WAITS = "https://github.com/t3dotgg/stripe-recommendations/issues/15"

# What holds for all
WEBHOOKS = "https://docs.stripe.com/webhooks"
IDEMPOTENCY = "https://docs.stripe.com/api/idempotent_requests"
TESTING = "https://docs.stripe.com/testing"
SECURITY_GUIDE = "https://docs.stripe.com/security/guide"
ZERO_DECIMAL = "https://stripe.com/docs/currencies#zero-decimal"
METADATA = "https://docs.stripe.com/api/metadata"
SDK_VERSIONS = "https://github.com/stripe/stripe-python/wiki/"
SDK_V16 = "https://github.com/stripe/stripe-python/wiki/Migration-guide-for-v16"
SDK_NOT_A_DICT = "https://github.com/stripe/stripe-python/pull/1879"
SDK_ERROR_MODULE = "https://github.com/stripe/stripe-python/issues/1682"
RAW_BODY = "https://github.com/stripe/stripe-python/issues/424"
