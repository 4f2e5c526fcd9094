"""Errands for a process on the project's own settings, which know nothing of the tests'."""

from __future__ import annotations

import re
import sys
import time
from html import unescape

import stripe
from django.conf import settings
from django.test import Client

from bbs.tasks import task


def buy() -> None:
    """Buy one thing in this process, where the settings say that the flow is the legacy one."""
    client = Client(headers={"Host": "localhost"})
    order = unescape(re.search(r'name="order" value="([^"]*)"', client.get("/").content.decode())[1])
    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    token = stripe.Token.create(card=card, api_key=settings.STRIPE_PUBLISHABLE_KEY)
    form = {"order": order, "stripeToken": token.id, "stripeEmail": "hanako@example.com"}
    assert client.post("/checkout/", form).status_code == 303


@task()
def say_later(text: str) -> None:
    """Print a text after what the process does meanwhile."""
    time.sleep(0.1)
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
