"""What a rehearsal has shown: as data, for the page and the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bbs.models import Flow, Payment
from bbs.money import format_money
from compare.rehearsal.plan import SHARES

Text = str | Promise
# What Stripe's side and the visitors did to the shop, by the names of `plan`.
TROUBLES: dict[str, Text] = {
    "lost": _("webhooks that never arrived"),
    "late": _("webhooks that arrived late"),
    "twice": _("webhooks that arrived twice"),
    "out of order": _("times that webhooks arrived out of order"),
    "sent again": _("webhooks that the shop could not take, and that were sent again"),
    "timeout_after": _("calls that timed out after Stripe had acted"),
    "timeout_before": _("calls that timed out before Stripe acted"),
    "500": _("calls that Stripe answered with an error"),
    "closed": _("visitors who closed the tab"),
    "declined": _("visitors who left after a decline"),
    "voucher": _("visitors with a voucher for a convenience store"),
}
# What must be zero in the end.
CHECKS: dict[str, Text] = {
    "differences": _("payments whose amount differs between our books and Stripe's"),
    "unrecorded": _("disputes and refunds at Stripe that our books do not have"),
    "open": _("payments and refunds that are not final"),
    "undelivered": _("paid orders that were not delivered exactly once"),
    "given": _("orders delivered without payment"),
    "mismatched": _("payments to be reviewed"),
    "mails": _("mails that were not sent"),
    "events": _("events that were not processed"),
    "complaints": _("errors of the reconciliation"),
    "misplaced": _("visitors whose flow was not the one of the percentage"),
    "errors": _("visitors for whom the pay button led nowhere"),
}
_TAKEN = {
    Payment.Status.PAID,
    Payment.Status.PARTIALLY_REFUNDED,
    Payment.Status.REFUNDED,
    Payment.Status.INQUIRY,
    Payment.Status.DISPUTED,
    Payment.Status.LOST,
}
# How many lines say what was wrong.
MOST_COMPLAINTS = 20


@dataclass(frozen=True)
class Stage:
    """The visitors who came while the modern flow had this share, and what became final of their orders."""

    share: int
    visitors: int
    legacy: int
    modern: int
    paid: int
    unpaid: int


@dataclass(frozen=True)
class Balance:
    """Two sums that must be equal, in the currency's smallest unit; `flow` is empty for an account's whole balance."""

    currency: str
    ours: int
    stripes: int
    flow: str = ""

    @property
    def difference(self) -> int:
        return self.ours - self.stripes

    @property
    def shown(self) -> list[str]:
        """Ours, Stripe's and the difference, in the active language."""
        return [format_money(amount, self.currency) for amount in (self.ours, self.stripes, self.difference)]


@dataclass(frozen=True)
class Report:
    """The outcome of a rehearsal. `troubles` and `checks` are counts by the names in TROUBLES and CHECKS."""

    visitors: int
    seed: int
    processes: int
    database: str
    seconds: float
    repaired: int
    stages: Sequence[Stage]
    books: Sequence[Balance]
    balance: Sequence[Balance]
    troubles: Mapping[str, int]
    checks: Mapping[str, int]
    complaints: Sequence[str] = field(default=())

    @classmethod
    def of(
        cls,
        came: list[dict[str, Any]],
        closed: dict[str, Any],
        *,
        events: Counter[str],
        calls: Counter[str],
        misplaced: int,
        **about: Any,
    ) -> Report:
        """Put together what the processes answered."""
        saw = Counter(answer["saw"] for answer in came)
        return cls(
            visitors=len(came),
            stages=_stages(came, closed["payments"]),
            repaired=closed["repaired"],
            books=[Balance(**each) for each in closed["books"]],
            balance=[Balance(**each) for each in closed["balance"]],
            troubles={name: (events + calls + saw)[name] for name in TROUBLES},
            checks=closed["checks"] | {"misplaced": misplaced, "errors": saw["error"]},
            complaints=[*closed["complaints"], *filter(None, (answer["error"] for answer in came))][:MOST_COMPLAINTS],
            **about,
        )

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Report:
        """Read what `data` gave."""
        lists = {
            "stages": [Stage(**each) for each in data["stages"]],
            "books": [Balance(**each) for each in data["books"]],
            "balance": [Balance(**each) for each in data["balance"]],
        }
        return cls(**{**data, **lists})

    @property
    def data(self) -> dict[str, Any]:
        """The report as JSON can hold it."""
        return asdict(self)

    @property
    def is_good(self) -> bool:
        """Whether both books agree to the last yen, and nothing is left that must not be."""
        return not any(self.checks.values()) and not any(each.difference for each in [*self.books, *self.balance])

    @property
    def named_troubles(self) -> list[tuple[Text, int]]:
        return [(TROUBLES[name], count) for name, count in self.troubles.items() if count]

    @property
    def named_checks(self) -> list[tuple[Text, int]]:
        return [(CHECKS[name], count) for name, count in self.checks.items()]

    @property
    def text(self) -> str:
        """The report as plain text, in the active language."""
        return render_to_string("compare/rehearsal_report.txt", {"report": self})


def _stages(came: list[dict[str, Any]], payments: list[dict[str, str]]) -> list[Stage]:
    stage_of = {answer["visitor"]: answer["stage"] for answer in came}
    outcomes = Counter((stage_of[each["visitor"]], each["status"] in _TAKEN) for each in payments)
    flows = Counter((answer["stage"], answer["flow"]) for answer in came)
    return [
        Stage(
            share=share,
            visitors=flows[number, Flow.LEGACY] + flows[number, Flow.MODERN],
            legacy=flows[number, Flow.LEGACY],
            modern=flows[number, Flow.MODERN],
            paid=outcomes[number, True],
            unpaid=outcomes[number, False],
        )
        for number, share in enumerate(SHARES)
    ]
