"""What each process of `tests.stage.processes` begins with, imported once by the server that forks them."""

from __future__ import annotations

import django

django.setup()

from bbs_project import urls  # noqa: E402, F401
