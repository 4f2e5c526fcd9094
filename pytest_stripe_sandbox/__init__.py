"""A pytest plugin: tests of any project on Stripe's API, against the sandbox of this repository instead of Stripe.

It needs the standard library and pytest, and works with any stripe-python, on Django or without it: the sandbox runs in
a process of its own (the command `stripe-sandbox`), and is reached by HTTP. A test that asks for the fixture
`stripe_sandbox` gets an account of its own::

    stripe.api_base, stripe.api_key = stripe_sandbox.api_base, stripe_sandbox.secret_key
"""

from __future__ import annotations

from .account import Sandbox, SandboxError, SignedEvent

__all__ = ["Sandbox", "SandboxError", "SignedEvent"]
