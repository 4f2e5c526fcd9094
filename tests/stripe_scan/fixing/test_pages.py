"""Changes of pages and scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from stripe_scan import files
from stripe_scan.fixing import fixed
from stripe_scan.scanning import Options

BUTTON = '<script src="https://checkout.stripe.com/checkout.js" class="stripe-button"\n{}  data-amount="1"></script>\n'
DIALOG = "StripeCheckout.configure({{\n{}  key: 'pk_test_1',\n}});\n"


def after(path: str, text: str) -> str:
    source = files.Source(Path(path), path, files.kinds(path))
    return fixed(source, text.encode(), Options())[0].decode()


@pytest.mark.parametrize("line", ['  data-bitcoin="true"\n', "  data-alipay='true'\r\n", "  data-bitcoin=true\n"])
def test_an_attribute_on_a_line_of_its_own_goes(line: str) -> None:
    assert after("a.html", BUTTON.format(line)) == BUTTON.format("")


@pytest.mark.parametrize("line", ["  bitcoin: true,\n", "  'alipay': false,\n", "  alipayReusable: true,\r\n"])
def test_an_option_on_a_line_of_its_own_goes(line: str) -> None:
    assert after("a.js", DIALOG.format(line)) == DIALOG.format("")


@pytest.mark.parametrize("line", ["  bitcoin: accepts(),\n", "  a: 1, bitcoin: true,\n", "  bitcoin: true, // yes\n"])
def test_nothing_is_guessed(line: str) -> None:
    assert after("a.js", DIALOG.format(line)) == DIALOG.format(line)


def test_an_option_of_another_dialog_stays() -> None:
    assert after("a.js", "// stripe\nwallet({\n  bitcoin: true,\n});\n").count("bitcoin") == 1
