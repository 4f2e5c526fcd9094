"""Keys in the code, and Stripe's addresses in a content security policy."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from stripe_scan.findings import Hit
from stripe_scan.reading.python import PythonFile
from stripe_scan.rules import finds

SECRET = ("sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_")
PUBLISHABLE = ("pk_live_", "pk_test_")
# Letters and digits of a key after its beginning, at least.
SHORTEST = 16
HOSTS = ("checkout.stripe.com", "js.stripe.com", "q.stripe.com", "api.stripe.com", "m.stripe.network", "*.stripe.com")


def keys_in(text: str, beginnings: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield each key in a text, with where it starts; placeholders such as `sk_test_xxxx` are none."""
    for beginning in beginnings:
        start = text.find(beginning)
        while start >= 0:
            end = start + len(beginning)
            while end < len(text) and end - start < 300 and (text[end].isalnum() or text[end] == "_"):
                end += 1
            key = text[start:end]
            rest = key.removeprefix(beginning)
            has_both = any(map(str.isdigit, rest)) and any(map(str.isalpha, rest))
            if len(rest) >= SHORTEST and has_both and len(set(rest)) > 6:
                yield start, key
            start = text.find(beginning, end)


def masked(key: str) -> str:
    """Return a key with its beginning and its last four letters alone."""
    mode = key.split("_")
    return "_".join(mode[:2] if len(mode) > 2 else mode[:1]) + "_…" + key[-4:]


@finds("python", "hardcoded-key")
def key_in_code(file: PythonFile) -> Iterator[Hit]:
    for node, text in file.strings():
        for _start, key in keys_in(text, SECRET + PUBLISHABLE):
            yield Hit(node.lineno, "hardcoded-key", detail=masked(key))


@finds("python", "csp-stripe")
def policy(file: PythonFile) -> Iterator[Hit]:
    if "stripe.com" not in file.lower and "stripe.network" not in file.lower:
        return
    for node, text in file.strings():
        hosts = [word.partition("://")[2] or word for word in text[:2000].replace(";", " ").split()]
        if any(host.rstrip("/") in HOSTS for host in hosts) and ("-src" in text or is_policy(file, node)):
            yield Hit(node.lineno, "csp-stripe")


def is_policy(file: PythonFile, node: ast.Constant) -> bool:
    """Return whether a text is in a content security policy, by the name or the directive that it belongs to."""
    for above in file.above(node):
        if isinstance(above, ast.Assign | ast.AnnAssign | ast.AugAssign):
            target = above.targets[0] if isinstance(above, ast.Assign) else above.target
            return "csp" in ast.unparse(target).lower() or "security_policy" in ast.unparse(target).lower()
        if isinstance(above, ast.Call) and "csp" in ast.unparse(above.func)[:200].lower():
            return True
        if isinstance(above, ast.Dict):
            keys = [key.value for key in above.keys if isinstance(key, ast.Constant)]
            if any(isinstance(key, str) and key.endswith("-src") for key in keys):
                return True
        if isinstance(above, ast.stmt):
            return False
    return False
