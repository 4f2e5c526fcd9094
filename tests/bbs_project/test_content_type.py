"""Of a Content-Type, Django gets what it can make a request of."""

from __future__ import annotations

import pytest

from bbs_project.content_type import plain


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("", ""),
        ("application/json", "application/json"),
        ('multipart/form-data; boundary="a b"', 'multipart/form-data; boundary="a b"'),
        ("text/html; charset=UTF-8", "text/html"),
        ("text/html; Charset=utf8; q=1", "text/html"),
        ("multipart/form-data; charset=utf-8; boundary=a", 'multipart/form-data; boundary="a"'),
        ("text/html; charset=shift_jis", "text/html; charset=refused"),
        ("text/html; charset=", "text/html; charset=refused"),
        ("text/html; charset*=idna''%ff", "text/html; charset=refused"),
        ("text/html; x*=none''y", "text/html; charset=refused"),
    ],
)
def test_no_charset_is_left_but_one_that_is_refused(sent: str, read: str) -> None:
    assert plain(sent) == read
