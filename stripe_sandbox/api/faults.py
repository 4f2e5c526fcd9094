"""Misfortunes on demand: for the next calls of the API, or for the next deliveries."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from stripe_sandbox import accounts
from stripe_sandbox.models import Fault

API, DELIVERY = "api", "delivery"
# What may happen to a call.
CALLS = ("500", "429", "timeout_before", "timeout_after", "drop")
# What may happen to a delivery.
DELIVERIES = ("delay", "double", "reorder", "tamper", "lose")
HEADER = "Sandbox-Fault"
_DELAY, _REORDER, _DOUBLE = 5.0, 2.0, 0.2


def order(effect: str, times: int = 1) -> Fault:
    """Order a misfortune for the next `times` calls or deliveries; raises ValueError for an unknown one."""
    if effect not in CALLS + DELIVERIES:
        raise ValueError(f"{effect!r} is no fault; there are {', '.join(CALLS + DELIVERIES)}.")
    accounts.current().has_faults = True
    return Fault.objects.create(target=API if effect in CALLS else DELIVERY, effect=effect, remaining=times)


def ordered() -> list[Fault]:
    """Return the faults that are still to come, the next one first."""
    return list(Fault.objects.filter(remaining__gt=0).order_by("pk"))


def cancel() -> None:
    """Take back every fault that was ordered."""
    Fault.objects.all().delete()


def take(target: str) -> str:
    """Return the effect that is next for `target`, used up by once; "" for none."""
    if not accounts.current().has_faults:
        return ""
    for fault in Fault.select("target = %s AND remaining > 0", target, order="id"):
        if Fault.objects.filter(pk=fault.pk, remaining__gt=0).update(remaining=F("remaining") - 1):
            return fault.effect
    return ""


def for_deliveries(count: int) -> Iterator[list[tuple[str, float]]]:
    """Yield, for each of `count` deliveries, what to plan: the fault, and the seconds to wait first, for each POST."""
    effect = None
    for _ in range(count):
        effect = "" if effect == "" else take(DELIVERY)  # none is left once there was none
        pauses = {"delay": [_DELAY], "reorder": [_REORDER], "double": [0.0, _DOUBLE]}.get(effect, [0.0])
        yield [(effect, pause) for pause in pauses]
