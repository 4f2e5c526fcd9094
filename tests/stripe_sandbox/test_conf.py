"""The sandbox's settings, over their defaults."""

from __future__ import annotations

from typing import Any

import pytest

from stripe_sandbox import conf


def test_a_setting_is_the_projects_or_its_default(settings: Any) -> None:
    settings.STRIPE_SANDBOX = {"COUNTRY": "US"}

    assert (conf.get("COUNTRY"), conf.get("DEFAULT_CURRENCY")) == ("US", "jpy")


def test_a_project_without_any_setting_has_the_defaults(settings: Any) -> None:
    del settings.STRIPE_SANDBOX

    assert conf.get("SECRET_KEY") == "sk_test_sandbox"


def test_a_name_that_there_is_not_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        conf.get("COLOUR")
