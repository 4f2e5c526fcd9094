"""A piece of Python before and after --fix."""

from __future__ import annotations

from pathlib import Path

from stripe_scan import files
from stripe_scan.fixing import fixed
from stripe_scan.scanning import Options


def after(code: str) -> str:
    source = files.Source(Path("a.py"), "a.py", ("python",))
    return (
        fixed(source, f"import stripe\n{code}\n".encode(), Options())[0].decode().removeprefix("import stripe\n")[:-1]
    )
