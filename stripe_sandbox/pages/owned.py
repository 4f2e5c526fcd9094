"""Pages that a visitor reaches without a key: what they show identifies their account."""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from stripe_sandbox import accounts
from stripe_sandbox.models import StripeObject

View = Callable[[HttpRequest, str], HttpResponse]


def by_object(kind: str) -> Callable[[View], View]:
    """Serve a page in the name of the account that has the object of this kind in its address.

    Such an id is random, and two accounts have none in common.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def serve(request: HttpRequest, sid: str) -> HttpResponse:
            found = StripeObject.everywhere.filter(sid=sid, kind=kind).values_list("account", flat=True).first()
            account = accounts.by_id(found or accounts.DEFAULT) or accounts.default()
            with accounts.acting_for(account):
                return view(request, sid)

        serve.__dict__["account_is_of"] = kind
        return serve

    return decorate
