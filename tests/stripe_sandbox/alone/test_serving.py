"""The sandbox is served as the site is; `tests/bbs/test_serving.py` says how."""

from __future__ import annotations

import inspect

from bbs import serving as served_site
from stripe_sandbox.alone import serving


def test_both_parts_serve_in_the_same_way() -> None:
    assert inspect.getsource(serving) == inspect.getsource(served_site)
