"""What all pages of the dashboard share: they show one account, which a person chooses."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from stripe_sandbox import accounts, conf, store
from stripe_sandbox.models import Account
from stripe_sandbox.pages import rendering

# Remembers the account that was chosen. Each form names its account besides: two may be open at once.
COOKIE = "sandbox_account"
_PATH = "/sandbox/"
_YEAR = 365 * 24 * 3600
# So many accounts are there to choose from; `?account=acct_…` leads to any.
_LISTED = 50


def of_account(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show a page for one account: that of the form or the address, else of the cookie, else the default one.

    What is not found, an account or what the page is about, is answered by the sandbox's own page.
    """

    @functools.wraps(view)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        named = request.POST.get("account") or request.GET.get("account")
        account = accounts.by_sid(named or request.COOKIES.get(COOKIE, ""))
        if account is None and named:
            return rendering.not_found(request)
        try:
            with accounts.acting_for(account or accounts.default()):
                response = view(request, *args, **kwargs)
        except Http404:
            response = rendering.not_found(request)
        if named:
            response.set_cookie(
                COOKIE, named, _YEAR, path=_PATH, secure=request.is_secure(), httponly=True, samesite="Lax"
            )
        return response

    serve.__dict__["is_of_account"] = True
    return serve


def show(request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    """Return a page of the dashboard, with the account that it shows and the others that there are."""
    account = accounts.current()
    if account.clock_ahead:
        context["account_now"] = rendering.moment(store.now())
    context |= {"account": account, "accounts": _choices(account), "secret_key": shown_key(account)}
    context["is_shared"] = account.pk == accounts.DEFAULT
    return rendering.show(request, f"dashboard/{page}", context)


def shown_key(account: Account) -> str:
    """Return an account's secret key as a person may recognize it: only the default account's is kept."""
    return conf.get("SECRET_KEY") if account.pk == accounts.DEFAULT else f"sk_test_…{account.ending}"


def _choices(shown: Account) -> list[tuple[str, str]]:
    """Return id and key of the accounts to choose from: the default one, and those that were used last."""
    found = {account.pk: account for account in (accounts.default(), shown)}
    others = Account.objects.exclude(pk__in=found).order_by("-used", "-pk")[:_LISTED]
    return [(account.sid, shown_key(account)) for account in (*found.values(), *others)]
