"""Recorded answers of the real Stripe: read from `tests/stripe_sandbox/recorded/`, asked again, and compared.

A file holds stories; a story holds steps, and the ids that a step saves are the `{names}` of those after it. A step is

- `call`: method, path and form, or `EVENTS` and the ids of the objects whose events are meant (with `last`, only as
  many of the latest as are expected: those that the step before has caused);
- `fact`: the recorded answer's id. A step without one only makes what the story needs, and may answer anything;
- `status` (200), `error` (type, code, param, message: "" is one that Stripe does not send), `body` (values by path),
  `keys` (all keys of the object at a path), `answers` (headers): the answer;
- `limit`: the sandbox does not support it, and has to say so in words;
- `declined`: why an arguable field, by its path, is not the sandbox's; `declined_whole`: why the whole answer is not;
- `remark`: what of the recording is one account's setting or another version's.
"""

from __future__ import annotations

import json
import os
import re
import time
import tomllib
import urllib.parse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from stripe_sandbox.testing import drain
from tests.stripe_sandbox.stage import calls

FOLDER = Path(__file__).parent.parent / "recorded"
# Another server to ask, such as https://api.stripe.com, with a secret key of a test account.
API_BASE, SECRET_KEY = os.environ.get("STRIPE_RECORDED_API_BASE", ""), os.environ.get("STRIPE_RECORDED_SECRET_KEY", "")
LIMIT = "the sandbox's limit"
_NOTHING = object()

Step = dict[str, Any]


def stories() -> dict[str, list[Step]]:
    """Return the steps of each story, by "file: name"."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for story in tomllib.loads(path.read_text(encoding="utf-8"))["story"]:
            found[f"{path.stem}: {story['name']}"] = story["step"]
    return found


class Telling:
    """One run of a story: `run` returns what differs, by fact."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = steps
        self.saved = {"run": os.urandom(6).hex()}

    def run(self) -> dict[str, list[str]]:
        """Return the differences of each fact that does not hold, in words."""
        differing = {}
        for step in self.steps:
            complaints = self._take(step)
            if complaints and "fact" in step:
                differing[step["fact"]] = complaints
        return differing

    def _take(self, step: Step) -> list[str]:
        if step.get("wait"):
            _let_pass(step["wait"])
        if lacking := [name for name in re.findall(r"\{([a-z]\w*)\}", json.dumps(step)) if name not in self.saved]:
            return [] if step.get("limit") and not API_BASE else [f"nothing was saved as {lacking}"]
        step = json.loads(re.sub(r"\{([a-z]\w*)\}", lambda found: self.saved[found[1]], json.dumps(step)))
        if step["call"].startswith("EVENTS "):
            return _order(step["call"].split()[1:], step["body"]["order"], last=step.get("last", False))
        for _ in range(step.get("repeat", 1)):
            status, body, headers = _call(step["call"], step.get("headers", {}))
        if step.get("limit") and _is_limit(body):
            return []
        if step.get("limit") and not API_BASE:
            return [f"no longer said to be {LIMIT}: {json.dumps(body)[:200]}"]
        for name, path in step.get("save", {}).items():
            if isinstance(value := at(body, path), str):
                self.saved[name] = value
        return compare(step, status, body, headers)


def _let_pass(seconds: float) -> None:
    """Wait at another server; in process, do what is due by then."""
    if API_BASE:
        time.sleep(seconds)
    else:
        drain(ahead=seconds)


def _call(text: str, headers: Mapping[str, str]) -> tuple[int, Any, Mapping[str, str]]:
    """Return status, JSON and headers of a call that is written "METHOD path form"."""
    method, path, *rest = text.split(" ", 2)
    pairs = [pair.partition("=") for pair in rest[0].split("&")] if rest else []
    form = urllib.parse.urlencode([(name, value) for name, _, value in pairs])
    if not API_BASE:
        return calls.call(method, path, form, **{name.replace("-", "_"): value for name, value in headers.items()})
    url = f"{API_BASE.rstrip('/')}{path}" + (f"?{form}" if form and method != "POST" else "")
    sent = {"Authorization": f"Bearer {SECRET_KEY}", "Content-Type": "application/x-www-form-urlencoded", **headers}
    answer = requests.request(method, url, data=form if method == "POST" else None, headers=sent, timeout=60)
    return answer.status_code, answer.json(), answer.headers


def _order(sids: list[str], expected: list[str], *, last: bool) -> list[str]:
    """Compare the order of the events about some objects, or of the last ones; those of other types are left out."""
    _, body, _ = _call("GET /v1/events limit=100", {})
    events = [event for event in reversed(body["data"]) if event["data"]["object"]["id"] in sids]
    got = [event["type"] for event in events if event["type"] in expected]
    got = got[-len(expected) :] if last else got
    return [] if got == expected else [f"order of events: {got} instead of {expected}"]


def _is_limit(body: Any) -> bool:
    return LIMIT in str(at(body, "error.message"))


def at(body: Any, path: str) -> Any:
    """Return the value at a dotted path, where `#` is a list's length; `_NOTHING` where there is none."""
    for name in path.split(".") if path else []:
        if isinstance(body, list) and name == "#":
            body = len(body)
        elif isinstance(body, list) and name.isdecimal() and int(name) < len(body):
            body = body[int(name)]
        elif isinstance(body, dict) and name in body:
            body = body[name]
        else:
            return _NOTHING
    return body


def fits(got: Any, expected: Any) -> bool:
    """Return whether a value is the expected one: a text such as `<int>` names what any account's would be."""
    kinds = {
        "<null>": lambda: got is None,
        "<absent>": lambda: got is _NOTHING,
        "<key>": lambda: got is not _NOTHING,
        "<present>": lambda: got is not _NOTHING and got is not None,
        "<int>": lambda: isinstance(got, int) and not isinstance(got, bool),
        "<midnight UTC>": lambda: isinstance(got, int) and got % 86400 == 0,
        "<empty>": lambda: got == "",
    }
    if isinstance(expected, str) and expected in kinds:
        return kinds[expected]()
    if isinstance(expected, str) and expected.endswith(("…", "…>")):
        return isinstance(got, str) and got.startswith(expected.rstrip(">").rstrip("…").removeprefix("<"))
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(fits(got[name], value) for name, value in expected.items())
    return type(got) is type(expected) and got == expected


def compare(step: Step, status: int, body: Any, headers: Mapping[str, str]) -> list[str]:
    """Return what of an answer is not as recorded, in words; what is declined has to differ in the sandbox."""
    declined = step.get("declined", {})
    expected = {"HTTP status": step.get("status", 200)}
    got: dict[str, Any] = {"HTTP status": status}
    if "error" in step:
        for name, text in zip(("type", "code", "param", "message"), step["error"], strict=True):
            expected[f"error.{name}"] = text or "<absent>"
    expected |= step.get("body", {})
    got |= {path: at(body, path) for path in expected if path != "HTTP status"}
    for name, text in step.get("answers", {}).items():
        expected[f"header {name}"], got[f"header {name}"] = text, headers.get(name)
    for path, names in step.get("keys", {}).items():
        value = at(body, path)
        label = f"keys of {path}" if path else "keys"
        expected[label] = sorted(names.split())
        got[label] = sorted(value) if isinstance(value, dict) else value
        if API_BASE and isinstance(value, dict):
            got[label] = [name for name in expected[label] if name in value]
    differing = [name for name in expected if not fits(got[name], expected[name])]
    if "declined_whole" in step:
        return [] if differing or API_BASE else ["declined, and yet it holds"]
    held = [f"{name}: declined, and yet it holds" for name in declined if name not in differing and not API_BASE]
    return held + [f"{n}: {_shown(got[n])} instead of {_shown(expected[n])}" for n in differing if n not in declined]


def _shown(value: Any) -> str:
    return "nothing" if value is _NOTHING else json.dumps(value, ensure_ascii=False)
