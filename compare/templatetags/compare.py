"""What the comparison pages' templates need and Django does not have."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import template
from django.utils.safestring import SafeString

from compare.pages import highlight
from compare.pages.files import address_of_test

register = template.Library()


@register.filter
def host(address: str) -> str:
    """Return the host of an address, to name a source in a few letters."""
    return urlsplit(address).hostname.removeprefix("www.")


@register.filter
def test_address(test: str) -> str:
    """Return the address at which a test can be read; empty where it is not shown."""
    return address_of_test(test)


@register.filter
def code(text: str, language: str = "python") -> SafeString:
    """Return a piece of code, highlighted."""
    return highlight.block(text, language)
