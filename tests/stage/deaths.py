"""Ways for a process to die at a chosen moment, as when its machine loses power: nothing of it is cleaned up."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping

from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from tests.stage.stripe_side import HttpClient


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class BeforeTheCall(HttpClient):
    """Die with the request to Stripe in hand."""

    def request(self, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        die()
        return super().request(*args, **kwargs)


class AfterTheCall(HttpClient):
    """Die once Stripe has done what it was asked, with its answer unread."""

    def request(self, *args: object, **kwargs: object) -> tuple[str, int, Mapping[str, str]]:
        answer = super().request(*args, **kwargs)
        die()
        return answer


class AtTheMailServersDoor(BaseEmailBackend):
    """Die with a mail in hand that has not left."""

    def send_messages(self, email_messages: list) -> int:
        die()
        return 0


def at_sql(beginning: str, work: Callable[..., object], *arguments: object) -> None:
    """Do some work, and die before the first statement that begins like this."""

    def die_or_execute(execute: Callable, sql: str, params: object, many: bool, context: object) -> object:
        if beginning in sql:
            die()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(die_or_execute):
        work(*arguments)
