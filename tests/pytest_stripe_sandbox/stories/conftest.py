"""The projects here are run in a process of their own, by `test_projects.py`."""

from __future__ import annotations

collect_ignore = ["projects"]
