import stripe
from django.conf import settings
from django.http import HttpResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .models import Order
from .modern import settle_session
from .settlement import settle

SESSION_PAID = ("checkout.session.completed", "checkout.session.async_payment_succeeded")


@csrf_exempt
@require_POST
def webhook(request):
    signature = request.headers.get("Stripe-Signature", "")
    try:
        event = stripe.Webhook.construct_event(request.body, signature, settings.STRIPE_WEBHOOK_SECRET)
    except (ValueError, stripe.SignatureVerificationError):
        return HttpResponse(status=400)
    if event.type == "charge.succeeded":
        charge_succeeded(event.data.object)
    elif event.type in SESSION_PAID:
        settle_session(event.data.object)
    elif event.type == "charge.refunded":
        charge_refunded(event.data.object)
    return HttpResponse()


def charge_succeeded(charge):
    reference = getattr(charge.metadata, "order", None)
    if reference:
        settle(reference, charge.amount, charge.currency, charge_id=charge.id)


def charge_refunded(charge):
    if charge.refunded:  # a partial refund is not one of the whole order
        intent = charge.payment_intent
        paid_by = {"payment_intent_id": intent} if intent else {"charge_id": charge.id}
        Order.objects.filter(**paid_by, refunded_at=None).update(refunded_at=now())
