"""Zips as a visitor may send them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

CHARGE = "import stripe\nstripe.Charge.create(amount=1, currency='jpy', source=token)\n"


def packed(files: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()
