"""Findings of the whole project: charges without an idempotency key, and charges without a webhook."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from stripe_scan.findings import Finding, Hit
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import finds

# Rules that find a webhook.
OF_A_WEBHOOK = {"webhook-unsigned", "event-refetch", "sig-header-index", "webhook-events"}


@finds("python", "charge-no-idempotency")
def without_key(file: PythonFile) -> Iterator[Hit]:
    if file.is_test:
        return
    for call in file.calls_of("stripe.Charge.create"):
        names = call.keywords.keys()
        is_open = any(one.arg is None and not file.names.items(one.value, call.scope) for one in call.node.keywords)
        if "idempotency_key" not in names and not is_open:
            yield Hit(call.line, "charge-no-idempotency", "medium")


@finds("project", "charge-no-webhook")
def _registered(_file: object) -> Iterator[Hit]:
    """Register the rule that `Project` holds."""
    return iter(())


@dataclass
class Project:
    """What is seen of a project, file by file."""

    charges: list[tuple[str, int]] = field(default_factory=list)
    has_webhook: bool = False

    def see(self, path: str, file: object, hits: list[Hit], is_silent: Callable[[Hit], bool]) -> None:
        """Record the charges and webhooks of a file; a charge whose comment silences the finding does not count."""
        self.has_webhook = self.has_webhook or bool(OF_A_WEBHOOK & {hit.rule for hit in hits})
        if not isinstance(file, PythonFile) or file.is_test:
            return
        lines = [hit.line for hit in hits if hit.rule == "charge-create"]
        self.charges += [(path, line) for line in lines if not is_silent(Hit(line, "charge-no-webhook"))]
        self.has_webhook = self.has_webhook or is_webhook(file)

    def findings(self) -> Iterator[Finding]:
        """Yield the findings that no single file shows, at the first charge."""
        if self.charges and not self.has_webhook:
            path, line = min(self.charges)
            yield Finding(path, line, "charge-no-webhook", "medium")


def is_webhook(file: PythonFile) -> bool:
    """Return whether a file receives Stripe's events."""
    if "construct_event" in file.text or "djstripe" in file.text:
        return True
    functions = file.of(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return "stripe" in file.lower and any("webhook" in one.name.lower() for one in functions)
