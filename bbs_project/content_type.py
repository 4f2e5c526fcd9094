"""A Content-Type that Django can make a request of: over some it stumbles before any middleware, with a bare 500."""

from __future__ import annotations

from django.utils.http import parse_header_parameters

UTF_8 = ("utf-8", "utf8")


def plain(content_type: str) -> str:
    """Return a Content-Type without a charset, or with the charset "refused" for any but UTF-8.

    `WSGIRequest.__init__` reads the query as soon as a charset is named: one that cannot decode it, or more parameters
    than `DATA_UPLOAD_MAX_NUMBER_FIELDS`, raise where nothing answers. UTF-8 is what Django takes by itself, and
    `bbs.middleware.ReadableOnly` refuses what is called "refused".
    """
    try:
        kind, parameters = parse_header_parameters(content_type)
    except (ValueError, LookupError):  # a parameter in a charset of its own: https://www.rfc-editor.org/rfc/rfc2231
        return f"{content_type.partition(';')[0]}; charset=refused"
    if "charset" not in parameters:
        return content_type
    if parameters["charset"].lower() not in UTF_8:
        return f"{kind}; charset=refused"
    boundary = parameters.get("boundary")
    return f'{kind}; boundary="{boundary}"' if boundary else kind
