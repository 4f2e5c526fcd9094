"""What the comparison pages' templates need and Django does not have."""

from __future__ import annotations

import functools
from urllib.parse import urlsplit

from django import template
from django.utils.safestring import SafeString

from compare.content import content
from compare.content.text import Text
from compare.pages import highlight, parameters
from compare.pages.files import address_of_test
from stripe_scan.catalogue import by_id, entries

register = template.Library()

SIGNS = {"yes": "✔", "no": "✖", "conditions": "◐", "plain": ""}

register.filter(parameters.search_words)


@register.filter
def host(address: str) -> str:
    """Return the host of an address, to name a source in a few letters."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


@register.filter
def source_address(source: str) -> str:
    """Return the address of a source, given by its id."""
    return _addresses()[source]


@functools.cache
def _addresses() -> dict[str, str]:
    return {source.id: source.url for source in content().sources.pages}


@register.filter
def test_address(test: str) -> str:
    """Return the address at which a test can be read; empty where it is not shown."""
    return address_of_test(test)


@register.filter
def label(value: str, kind: str) -> Text:
    """Return what a value of a field is called: `{{ row.replacement|label:"replacements" }}`."""
    return getattr(getattr(content().labels, kind), value.replace("-", "_"))


@register.filter
def marked(text: entries.Text) -> SafeString:
    """Return a text of the catalogue of old code as HTML, in the active language."""
    return Text(en=text.en, ja=text.ja).html


@register.filter
def plain(text: entries.Text) -> str:
    """Return a text of the catalogue without its markup, in the active language."""
    return Text(en=text.en, ja=text.ja).plain


@register.filter
def sign(verdict: str) -> str:
    """Return the sign of a verdict; empty for a plain one, which is no yes or no."""
    return SIGNS[verdict]


@register.filter
def pattern(name: str) -> entries.Pattern:
    """Return an entry of the catalogue of old code, by its id."""
    return by_id()[name]


@register.filter
def scenario_title(name: str) -> Text:
    """Return the title of a scenario of the lab, by its id."""
    return next(scenario.title for scenario in content().lab.scenarios if scenario.id == name)


@register.filter
def code(text: str, language: str = "python") -> SafeString:
    """Return a piece of code, highlighted."""
    return highlight.block(text, language)
