"""The test cards that pay, and after which something happens: a dispute, a refund's end, money that is there at once.

https://docs.stripe.com/testing#disputes, #refunds and #available-balance
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .card import Card

DISPUTES = (
    Card(
        "dispute",
        "4000000000000259",
        _("Pays, then is disputed as fraud."),
        dispute="fraudulent",
        tokens=("createDispute", "visa_createDispute"),
    ),
    Card(
        "dispute_not_received",
        "4000000000002685",
        _("Pays, then is disputed: not received."),
        dispute="product_not_received",
        tokens=("createDisputeProductNotReceived", "visa_createDisputeProductNotReceived"),
    ),
    Card(
        "dispute_inquiry",
        "4000000000001976",
        _("Pays, then an inquiry is opened."),
        dispute="inquiry",
        tokens=("createDisputeInquiry", "visa_createDisputeInquiry"),
    ),
    Card(
        "dispute_twice",
        "4000000404000079",
        _("Pays, then is disputed twice."),
        dispute="fraudulent",
        disputes=2,
        tokens=("createMultipleDisputes",),
    ),
)

REFUNDS = (
    Card("refund_pending", "4000000000007726", _("Pays; a refund of it is pending first."), tokens=("pendingRefund",)),
    Card("refund_fail", "4000000000005126", _("Pays; a refund of it fails later."), tokens=("refundFail",)),
)

_AT_ONCE = _("Pays; the money is available at once.")

BALANCE = (
    Card("bypass_pending", "4000000000000077", _AT_ONCE, tokens=("bypassPending",)),
    Card("bypass_pending_ie", "4000003720000278", _AT_ONCE, country="IE", tokens=("bypassPendingInternational",)),
)
