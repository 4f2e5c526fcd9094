"""The official client for Node notices nothing either."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.stripe_sandbox.stage.server import Server, until

HERE = Path(__file__).parent / "node"


@pytest.fixture(scope="module")
def scripts(request: pytest.FixtureRequest) -> Path:
    """A folder with the scripts and the client; installed once and kept in pytest's cache."""
    node, npm = shutil.which("node"), shutil.which("npm")
    folder = request.config.cache.mkdir("stripe-node")
    for path in HERE.iterdir():
        shutil.copy(path, folder)
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]["stripe"]
    there = folder / "node_modules/stripe/package.json"
    why = "" if node and npm else "Node is not on this machine"
    if not why and not (there.exists() and json.loads(there.read_text())["version"] == wanted):
        installed = subprocess.run(
            [npm, "install", "--no-audit", "--no-fund", "--no-package-lock"], cwd=folder, capture_output=True, text=True
        )
        why = installed.stderr[-300:] if installed.returncode else ""
    if why:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"stripe-node did not run: {why}")
    return folder


def test_stripe_node_lives_through_the_same_stories(server: Server, scripts: Path) -> None:
    done = subprocess.run(
        ["node", "stories.mjs", server.url, server.secret], cwd=scripts, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)

    assert seen == {
        "charge": ["succeeded", "A shirt", 500, 72],
        "refund": True,
        "session": [4000, None, "T-shirt", "expired", None],
        "intent": "succeeded",
        "declined": ["StripeCardError", "card_declined", "generic_decline", 402],
        "unknown": ["StripeInvalidRequestError", "parameter_unknown", None, 400],
        "missing": ["StripeInvalidRequestError", "resource_missing", None, 404],
        "paged": [700, 700, 700],
        "event": "charge.succeeded",
    }
    until(lambda: len(server.endpoint.got) > 5)


def test_stripe_node_verifies_what_the_sandbox_signed(server: Server, scripts: Path) -> None:
    charge = server.api.v1.charges.create(params={"amount": 2000, "currency": "jpy", "source": "tok_visa"})
    until(lambda: server.endpoint.about(charge.id))
    ((body, signature),) = server.endpoint.about(charge.id)
    check = (
        "import Stripe from 'stripe'; const [secret, body, header] = process.argv.slice(1);"
        "console.log(new Stripe('sk_test_x').webhooks.constructEvent(body, header, secret).type)"
    )

    said = subprocess.run(
        ["node", "--input-type=module", "-e", check, server.secret, body.decode(), signature],
        cwd=scripts,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert said.stdout.strip() == "charge.succeeded", said.stderr
