"""The accounts: created on first use of a key, identified by it, and dropped when there are too many."""

from __future__ import annotations

import functools
import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connections, transaction

from . import conf, ids
from .database import scope
from .database.rows import Row
from .database.scope import DEFAULT, acting_for
from .models import Account, Fault

__all__ = ["DEFAULT", "acting_for", "by_id", "by_sid", "current", "default", "empty", "of_tail", "serve"]

# So many are kept besides the default one; of more, the one that was not used for longest is dropped.
MOST = 1_000
# Seconds for which the time of an account's last use is not written again.
_USE = 60


def current() -> Account:
    """Return the account that is served; outside of any call, page or task, the default one."""
    return scope.account() or default()


def default() -> Account:
    """Return the account of the settings' keys."""
    if account := _read("id", DEFAULT):
        return account
    _make(pk=DEFAULT, digest="", sid="acct_default")
    return default()


def by_id(pk: int) -> Account | None:
    """Return the account with a primary key; None where it was dropped."""
    return default() if pk == DEFAULT else _read("id", pk)


def by_sid(sid: str) -> Account | None:
    """Return the account with an id of Stripe's form, acct_…, or None."""
    return default() if sid == conf.get("ACCOUNT_ID") else _read("sid", sid)


def of_tail(tail: str) -> Account:
    """Return the account of the keys that end so after `sk_test_` and `pk_test_`; it is made on its first use."""
    digest = hashlib.sha256(tail.encode()).hexdigest()
    account = _read("digest", digest)
    if account is None:
        _add(digest, tail)
        return of_tail(tail)
    if account.used < (now := int(time.time())) - _USE:
        Account.objects.filter(pk=account.pk).update(used=now)
    return account


def serve(due: tuple[float, int] | None, now: float, work: Callable[[], bool]) -> bool:
    """Do work in the name of the account that has it due, a moment and a primary key; return whether it did any."""
    if due is None or due[0] > now:
        return False
    account = by_id(due[1])
    if account is None:
        empty(due[1])  # dropped while one of its calls was being answered
        return True
    with acting_for(account):
        return work()


def _add(digest: str, tail: str) -> None:
    default()  # whose primary key must not go to another
    with transaction.atomic(using=conf.DATABASE):
        _make(digest=digest, ending=tail[-4:], sid=f"acct_1{ids.text(16)}", webhook_secret=_fresh_secret())
        for dropped in Account.objects.exclude(pk=DEFAULT).order_by("-used", "-pk")[MOST:]:
            empty(dropped.pk)
            dropped.delete()


def _fresh_secret() -> str:
    return f"whsec_{secrets.token_hex(32)}"


def _make(**values: object) -> None:
    now = int(time.time())
    try:
        with transaction.atomic(using=conf.DATABASE):
            Account.objects.create(created=now, used=now, **values)
    except IntegrityError:
        pass  # another call was first


def set_clock(ahead: float) -> None:
    """Set by how many seconds the served account's clock is ahead of the real one."""
    account = current()
    account.clock_ahead = ahead
    Account.objects.filter(pk=account.pk).update(clock_ahead=ahead)


def empty(pk: int) -> None:
    """Delete all rows of an account, in one transaction; the account stays."""
    with transaction.atomic(using=conf.DATABASE):
        for table in Row.__subclasses__():
            table.everywhere.filter(account=pk)._raw_delete(conf.DATABASE)


@functools.cache
def _statement(column: str) -> tuple[str, list[str]]:
    """Return the query for an account by one column, and the names of what it returns: one query a call, in SQL."""
    fields = Account._meta.concrete_fields
    listed = ", ".join(f"a.{field.column}" for field in fields)
    fault = f"EXISTS (SELECT 1 FROM {Fault._meta.db_table} f WHERE f.account = a.id AND f.remaining > 0)"  # noqa: S608
    statement = f"SELECT {listed}, {fault} FROM {Account._meta.db_table} a WHERE a.{column} = %s"  # noqa: S608  (ours)
    return statement, [field.attname for field in fields]


def _read(column: str, value: Any) -> Account | None:
    statement, names = _statement(column)
    with connections[conf.DATABASE].cursor() as cursor:
        row = cursor.execute(statement, [value]).fetchone()
    if row is None:
        return None
    *values, has_faults = row
    account = Account.from_db(conf.DATABASE, names, values)
    account.has_faults = bool(has_faults)
    if account.pk == DEFAULT:
        account.sid, account.webhook_secret = conf.get("ACCOUNT_ID"), conf.get("WEBHOOK_SECRET")
    return account
