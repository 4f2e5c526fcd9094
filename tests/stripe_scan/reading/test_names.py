"""What a name stands for."""

from __future__ import annotations

import ast

import pytest

from stripe_scan.reading.python import read


def kind(code: str) -> str:
    """Return the kind of the last expression of a file."""
    file = read("a.py", code)
    return file.kind(list(file.nodes[ast.Expr])[-1].value)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import stripe\nstripe", "stripe"),
        ("import stripe as s\ns.Charge", "stripe.Charge"),
        ("import stripe.error\nstripe.error.CardError", "stripe.error.CardError"),
        ("import stripe.error as e\ne.CardError", "stripe.error.CardError"),
        ("from stripe import error as e\ne.CardError", "stripe.error.CardError"),
        ("from .stripe import error\nerror.CardError", ""),
        ("from shop import stripe\nstripe.Charge", "stripe.Charge"),
        ("import other\nother.stripe.Charge", "stripe.Charge"),
        ("import other\nother.stripes.Charge", ""),
        ("from shop import get_stripe\nstripe = get_stripe()\nstripe.Charge", "stripe.Charge"),
        ("stripe = None\nstripe.Charge", ""),
        ("stripe = 'stripe.css'\nstripe.Charge", ""),
        ("import stripe\nx = stripe.Charge\nx.create", "stripe.Charge.create"),
        ("import stripe\nx, y = stripe.Charge, 1\nx", "stripe.Charge"),
        ("import stripe\nstripe.Charge.create()", "<Charge>"),
        ("import stripe\nstripe.Charge.list()", "<list Charge>"),
        ("import stripe\nstripe.Charge.list().data[0]", "<Charge>"),
        ("import stripe\nfor c in stripe.Charge.list().auto_paging_iter():\n    c", "<Charge>"),
        ("import stripe\nstripe.Charge.retrieve('ch_1').outcome", "<Charge>.outcome"),
        ("import stripe\nstripe.Charge.retrieve('ch_1')['outcome']", "<Charge>.outcome"),
        ("import stripe\nstripe.Webhook.construct_event(a, b, c)", "<Event>"),
        ("import stripe\nstripe.Webhook.construct_event(a, b, c).data.object", "<object>"),
        ("import stripe\nstripe.StripeClient('k').v1.checkout.sessions", "stripe.checkout.Session"),
        ("import stripe\ngetattr(stripe, 'Charge')", "stripe.Charge"),
        ("import stripe, functools\nfunctools.partial(stripe.Charge.create, currency='jpy')", "stripe.Charge.create"),
        ("import stripe\nretry(stripe.Charge.create, amount=1)", "<Charge>"),
        ("import stripe\nx = None\nx = stripe.Charge.create()\nx", "<Charge>"),
        ("import stripe\ndef f():\n    return stripe.Charge.create()\nf()", "<Charge>"),
        ("import stripe\ntry:\n    pass\nexcept stripe.error.CardError as e:\n    e", "<error>"),
        ("import stripe\ntry:\n    pass\nexcept ValueError as e:\n    e", ""),
        ("import stripe\n(stripe if a else None).Charge", "stripe.Charge"),
        ("import stripe\ndef f(stripe):\n    stripe.Charge", ""),
        ("import stripe\ndef f(s=stripe):\n    s.Charge", "stripe.Charge"),
        ("import stripe\nclass A:\n    api = stripe\n    def f(self):\n        self.api.Charge", "stripe.Charge"),
        ("class A:\n    def f(self):\n        self.stripe.Charge", "stripe.Charge"),
        ("class A:\n    def f(self):\n        self.gateway.Charge", ""),
        ("import stripe\nclass A:\n    stripe = stripe\n    def f(self):\n        self.stripe.Charge", "stripe.Charge"),
        ("from stripe import *\nCharge.create", "stripe.Charge.create"),
        ("from stripe import *\nfrom shop import Charge\nCharge.create", ""),
        ("import stripe\ndef f(c: stripe.Charge):\n    c.outcome", "<Charge>.outcome"),
        ("import stripe\ndef f(c: str):\n    c.outcome", ""),
        ("import stripe\nasync def f():\n    await stripe.Charge.create_async(amount=1)", "<Charge>"),
        ("import stripe\nE = (stripe.CardError, ValueError)\ntry:\n    pass\nexcept E as e:\n    e", "<error>"),
        ("E = (OSError, ValueError)\ntry:\n    pass\nexcept E as e:\n    e", ""),
        ("import stripe\nf(stripe.Charge.create())\ndef f(c):\n    c.outcome", "<Charge>.outcome"),
        ("import stripe\nf(c=stripe.Charge.create())\ndef f(a, c):\n    c.outcome", "<Charge>.outcome"),
        (
            "import stripe\nclass A:\n    def g(self):\n        self.f(stripe.Charge.create())\n"
            "    def f(self, c):\n        c.outcome",
            "<Charge>.outcome",
        ),
        ("import stripe\nf(a, stripe.Charge.create())\ndef f(c):\n    c.outcome", ""),
        ("def f(c):\n    f(c)\n    c.outcome", ""),
        ("from stripe.resource import Charge\nCharge.create", "stripe.Charge.create"),
        ("from stripe.api_resources import Charge\nCharge.create", "stripe.Charge.create"),
        ("from stripe._error import CardError\nCardError", "stripe.CardError"),
        ("from stripes.resource import Charge\nCharge.create", ""),
        ("customer.subscriptions.all(limit=5)", "<list Subscription>"),
        ("customer.subscriptions.all(limit=5).data[0]", "<Subscription>"),
        ("customer.sources.list(limit=5)", "<list Source>"),
        ("customer.subscriptions.all()", ""),
        ("customer.orders.all(limit=5)", ""),
        ("import stripe\nfor c in [1, 2]:\n    c", ""),
        ("import stripe\nwith stripe.Charge.create() as c:\n    c", "<Charge>"),
        ("import stripe\nif c := stripe.Charge.create():\n    c", "<Charge>"),
        ("import stripe\n[c for c in stripe.Charge.list()]\nfirst = stripe.Charge.list().data[0]\nfirst", "<Charge>"),
        ("import stripe\nlist(stripe.Charge.list())[0]", "<Charge>"),
        ("import stripe\nstripe.Charge.create().refresh()", "<Charge>"),
        ("import stripe\nstripe.Charge.create() or None", "<Charge>"),
        ("import stripe\ndef f():\n    stripe = 1\n    return stripe\nf()", ""),
        ("import stripe\ndef f():\n    from shop import stripe as other\n    other.Charge", "stripe.Charge"),
        ("def f():\n    import stripe\nstripe.Charge", ""),
        ("import stripe\nclass A:\n    c = stripe.Charge\nA", ""),
        ("import stripe\nlambda stripe: stripe.Charge", ""),
        ("import stripe\nx = {}\nx['a'] = stripe.Charge\nx['a']", ""),
        ("import stripe\nx: object = stripe.Charge\nx", "stripe.Charge"),
        ("import stripe\n*rest, c = stripe.Charge.list()\nc", ""),
        ("import stripe.checkout\nstripe.checkout.Session.create()", "<Session>"),
        ("from stripe.checkout import Session\nSession.create()", "<Session>"),
        ("x = x\nx", ""),
        ("def f():\n    return f()\nf()", ""),
    ],
)
def test_a_name_is_followed_by_imports_assignments_and_scope(code: str, expected: str) -> None:
    assert kind(code) == expected


def test_a_long_chain_of_names_ends() -> None:
    chain = "".join(f"a{number + 1} = a{number}\n" for number in range(500))

    assert kind(f"import stripe\na0 = stripe\n{chain}a500") == ""
    assert kind(f"import stripe\na0 = stripe\n{chain}a20") == "stripe"


def test_what_a_constructor_is_given_is_known_in_every_method() -> None:
    code = (
        "import stripe\n"
        "class Handler:\n"
        "    def __init__(self, event, other):\n"
        "        self.event = event\n"
        "        self.other = other\n"
        "    def handle(self):\n"
        "        self.event.data.object\n"
        "        self.other.data.object\n"
        "Handler(stripe.Event.retrieve('evt_1'), row)\n"
    )
    file = read("a.py", code)
    first, second = (file.kind(node.value) for node in file.of(ast.Expr) if isinstance(node.value, ast.Attribute))

    assert (first, second) == ("<object>", "")


def test_a_function_that_is_called_often_is_followed_a_few_times() -> None:
    calls = "".join(f"f({number})\n" for number in range(50))

    assert kind(f"import stripe\n{calls}f(stripe.Charge.create())\ndef f(c):\n    c") == ""
    assert kind(f"import stripe\nf(stripe.Charge.create())\n{calls}def f(c):\n    c") == "<Charge>"


def keywords(code: str) -> set[str]:
    file = read("a.py", code)
    (call,) = file.calls_of("stripe.Charge.create")
    return set(call.keywords)


@pytest.mark.parametrize(
    "code",
    [
        "stripe.Charge.create(amount=1, **{'source': t})",
        "d = {'amount': 1}\nd['source'] = t\nstripe.Charge.create(**d)",
        "d = dict(amount=1)\nd.update({'source': t})\nstripe.Charge.create(**d)",
        "def p(t):\n    return {'amount': 1, 'source': t}\nstripe.Charge.create(**p(t))",
        "a = {'amount': 1}\nd = {**a, 'source': t}\nstripe.Charge.create(**d)",
    ],
)
def test_keywords_come_from_dictionaries_too(code: str) -> None:
    assert keywords(f"import stripe\n{code}") == {"amount", "source"}
