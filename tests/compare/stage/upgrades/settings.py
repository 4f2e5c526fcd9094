"""The site's settings with the migrations of a version before 0.2, and without the app that it did not have."""

from __future__ import annotations

import os

os.environ["COMPARE_ENABLED"] = "off"

from bbs_project.settings import *  # noqa: F403

MIGRATION_MODULES = {name: f"tests.compare.stage.upgrades.{name}" for name in ("bbs", "stripe_sandbox")}
