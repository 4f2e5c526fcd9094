"""The work of a shop apart: scenarios, each in the shops of the rungs that are asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import translation

from compare.apart.shop import open_shop
from compare.content import content
from compare.lab.run import Run
from compare.lab.scripts import SCRIPTS
from compare.ladder.rungs.models import Order

# Calls to Stripe are recorded on the run's tape, and not in the request log of any payment.
_SETTINGS: dict[str, object] = {"STRIPE_HTTP_CLIENT_WRAPPERS": ["compare.lab.tape.TapingClient"]}


def run(scenario: str, rungs: list[str], language: str = "en") -> Iterator[dict[str, Any]]:
    """Yield the result of a scenario for each rung, given by their ids, with the milliseconds that it took."""
    known = {rung.id: rung for rung in content().ladder.rungs}
    for rung in rungs:
        with translation.override(language), open_shop(**_SETTINGS) as account:
            start = time.perf_counter()  # the first shop of a process is made with its database, which takes a second
            with connection.cursor() as cursor:
                cursor.execute(*connection.schema_editor().table_sql(Order))
            one = Run(known[rung], account, language)
            SCRIPTS[scenario](one)
            result = one.result() | {"milliseconds": (time.perf_counter() - start) * 1000}
        yield result
