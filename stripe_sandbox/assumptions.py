"""What Stripe does not document, or where sources differ: simulated in the likelier way, and only here.

If Stripe is found to behave otherwise, change the value here; nothing else in the sandbox decides such a thing.
"""

from __future__ import annotations

# What an answer says of itself whose words Stripe does not publish, in `error.sandbox_assumption`.
OF_WORDS = "The words of this answer are the sandbox's: Stripe does not publish them."

# How each payment of the Charges API fails on a Japanese account since 30 June 2025: Stripe says that it does, and not
# with which answer. https://support.stripe.com/questions/3ds-mandate-in-japan
JAPAN_MESSAGE = "Your card was declined. Payments with the Charges API need 3D Secure, which it does not support."

# A legacy charge of a card that must be authenticated: `card_declined` and `authentication_required` are both
# seen as the code. The decline code is certain.
AUTHENTICATION_CODE = "authentication_required"

# A charge that Radar blocks: the decline code seen in practice, where the documentation speaks of "fraud".
BLOCKED_DECLINE_CODE = "fraudulent"

# The type of the 409 for a key in flight: `idempotency_error` and `invalid_request_error` are both seen.
IN_FLIGHT_TYPE = "idempotency_error"

# Cards that only Radar's rules send to 3-D Secure simply succeed as a legacy charge.
RADAR_3DS_CHARGE_SUCCEEDS = True

# The tail of the message for `processing_error`.
PROCESSING_ERROR = "An error occurred while processing your card. Try again in a little bit."

# Seconds a token lives if it is not used: "a few minutes", no figure is published.
TOKEN_LIFE = 600

# The header on a replayed answer.
REPLAYED_HEADER = "Idempotent-Replayed"

# The webhook's User-Agent.
WEBHOOK_USER_AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"

# The code for a `payment_method_types` on a Checkout Session, documented for payment intents only.
PAYMENT_METHOD_TYPES_CODE = "payment_method_types_no_longer_supported"

# The largest charge where no currency's own is documented: eight digits in the API's reference, and twelve for most
# cards at https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts.
MAXIMUM = 99_999_999

# The address at the end of the refusal of a part of a króna or a shilling: `#zero-decimal` is seen, and
# https://support.stripe.com/questions/deprecation-of-fractional-isk-charges-and-refunds has `#special-cases`.
NO_DECIMALS_ANCHOR = "zero-decimal"

# Whether a legacy charge gets its balance transaction at once: later ones come with `charge.updated`.
LEGACY_BALANCE_AT_ONCE = True

# The events of a declined attempt on a payment intent, in this order, after the intent's creation.
DECLINED_EVENTS = ("payment_intent.payment_failed", "charge.failed")

# Seconds an old webhook secret stays valid after it is rolled.
ROLLED_SECRET_LIFE = 24 * 3600

# What a payment costs: 3.6 % as in Stripe's Japanese price list, no fixed part. A dispute costs 1,300 yen.
FEE_PERMILLE = 36
DISPUTE_FEE = 1300

# How the ledger describes the money of a dispute that is won; recorded is the withdrawal ("Chargeback withdrawal for").
REINSTATED = "Chargeback reversal for"

# Not recorded of disputes, and decided in `resources/disputes.py`: that an inquiry that escalates is about what was not
# refunded meanwhile, and is closed where that is nothing; that filling in evidence has no event; that
# `charge.updated` follows each end, where it is recorded after a call of `close`.

# Not documented of test cards, and decided where they are described (`cards/`): that several disputes of one payment
# are about equal parts of it, that a failed security code is the issuer's decline, that a test id whose address checks
# fail was given an address, and the country of BCcard's and DinaCard's card (Korea, on Discover's network).

# Seconds until the customer of a konbini payment names the bank account that a refund goes to, and seconds that Stripe
# waits for one; it documents neither.
REFUND_ACTION_DELAY = 60
REFUND_ACTION_LIFE = 45 * 24 * 3600
