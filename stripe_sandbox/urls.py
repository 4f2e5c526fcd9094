"""All addresses of the sandbox: the API, the pages a visitor meets, and the dashboard."""

from __future__ import annotations

from django.urls import path, re_path

from .api import endpoint
from .dashboard import board, clock, connecting, control, events, payments, requests, tools
from .pages import challenge, dialog, hosted, receipt, rendering, voucher
from .resources import addresses

app_name = "stripe_sandbox"

urlpatterns = [
    re_path(r"^(?:v[12](?:/.*)?|oauth/.*)$", endpoint.endpoint, {"table": addresses.ROUTES}, name="api"),
    re_path(r"^sandbox/control/(?P<action>[^/]*)/?$", control.endpoint, name="control"),
    path("checkout.js", dialog.checkout_js, name="checkout_js"),
    path("sandbox/checkout-dialog/", dialog.dialog, name="dialog"),
    path("c/pay/<str:sid>", hosted.pay, name="pay"),
    path("c/pay/<str:sid>/check/", hosted.check, name="check"),
    path("c/pay/<str:sid>/done/", hosted.done, name="done"),
    path("sandbox/authenticate/<str:sid>/", challenge.authenticate, name="authenticate"),
    path("sandbox/vouchers/<str:sid>/", voucher.voucher, name="voucher"),
    path("sandbox/receipts/<str:sid>/", receipt.receipt, name="receipt"),
    path("sandbox/", board.of_account(payments.index), name="dashboard"),
    path("sandbox/payments/<str:sid>/", board.of_account(payments.detail), name="payment"),
    path("sandbox/payments/<str:sid>/act/", board.of_account(payments.act), name="payment_act"),
    path("sandbox/requests/", board.of_account(requests.index), name="requests"),
    path("sandbox/requests/<str:sid>/", board.of_account(requests.detail), name="request"),
    path("sandbox/events/", board.of_account(events.index), name="events"),
    path("sandbox/events/<str:sid>/", board.of_account(events.detail), name="event"),
    path("sandbox/events/<str:sid>/resend/", board.of_account(events.resend), name="resend"),
    path("sandbox/webhooks/", board.of_account(tools.webhooks), name="webhooks"),
    path("sandbox/webhooks/url/", board.of_account(tools.webhook_url), name="webhook_url"),
    path("sandbox/webhooks/<str:sid>/", board.of_account(tools.webhook), name="webhook"),
    path("sandbox/faults/", board.of_account(tools.misfortunes), name="faults"),
    path("sandbox/clock/", board.of_account(clock.clock), name="clock"),
    path("sandbox/cards/", board.of_account(tools.cards), name="cards"),
    path("sandbox/connect/", board.of_account(connecting.connect), name="connect"),
    path("sandbox/limits/", board.of_account(tools.limits), name="limits"),
    path("sandbox/clear/", board.of_account(tools.clear), name="clear"),
    # The last: with its slash, so that an address of a page without one is still led to the page.
    path("sandbox/<path:rest>/", rendering.not_found),
    path("c/", rendering.not_found),
    path("c/<path:rest>/", rendering.not_found),
]
