"""The teaching texts, in both languages side by side, as data: one TOML file for each kind of entry.

Python holds no teaching text. Labels of the interface are gettext's; what teaches is here. Each file says at its head
what its entries are and which fields they have, `schema` declares the fields, and `loader` checks everything once.
"""

from __future__ import annotations

import functools

from compare.content.loader import FOLDER, load
from compare.content.schema import Content


@functools.cache
def content() -> Content:
    """Return the content of the files, read and checked on the first call. Raises ContentError for any mistake."""
    return load(FOLDER)
