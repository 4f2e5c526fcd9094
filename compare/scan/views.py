"""The page that takes a pasted file or a zip, and shows what is old in it.

Nothing of it is stored: the form is parsed in memory, after its size was looked at; the scan is done by a process that
is killed when its time is over; and the answer is not kept by any cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from bbs.limits import LimitReached, count
from bbs.problems import limit_problem, log_refusal
from compare.pages.navigation import place_of
from compare.scan.page import steps, unread
from compare.scan.texts import BY_COMMAND_LINE, REFUSALS, STATUS
from compare.scan.turns import Busy, turn
from stripe_scan import apart
from stripe_scan.archives import MOST_BYTES
from stripe_scan.output.checklist import as_markdown
from stripe_scan.output.machine import as_json

if TYPE_CHECKING:
    from stripe_scan.apart import Scanned

# Bytes of the form: a megabyte, its field names, and the file's name.
LARGEST_BODY = MOST_BYTES + 10_000
# By one visitor; ten times as many from one address.
SCANS_PER_MINUTE = 10
RETRY_AFTER = 5  # seconds
# Bytes of HTML up to which a pasted text is shown again in its field.
KEPT = 8_000
LONGEST_NAME = 100
FORMATS = {"markdown": ("text/markdown", "stripe-scan.md"), "json": ("application/json", "stripe-scan.json")}


class Refused(Exception):
    """A form is not scanned; `reason` is one of REFUSALS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@csrf_exempt  # until here nothing has read the form: what is too large never is, and _scan checks the token
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def scan(request: HttpRequest) -> HttpResponse:
    """Show the forms; a POST scans what was sent. With the sandbox it is open to all, with keys to staff."""
    if request.method == "POST":
        if not may_scan(request):
            return _refusal(request, "keys")
        if _length(request) > LARGEST_BODY:
            return _refusal(request, "body")
        request.upload_handlers = [MemoryFileUploadHandler(request)]
    return _scan(request)


def _length(request: HttpRequest) -> int:
    """Return the bytes of the form; without a length Django reads none."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isascii() and length.isdigit() else 0


def may_scan(request: HttpRequest) -> bool:
    """Return whether this visitor can scan: beside real payments the processor's time is for staff."""
    return bool(settings.STRIPE_SANDBOX_ENABLED or (request.user.is_active and request.user.is_staff))


@csrf_protect
@sensitive_variables()
def _scan(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    try:
        is_archive, name, data = _sent(request)
        with turn():
            _count(request)
            scanned = apart.scan_archive(data) if is_archive else apart.scan_text(data, name)
        if is_archive and not (scanned.report.files or scanned.report.errors):
            raise Refused("nothing-to-read")
    except LimitReached as reached:
        return limit_problem(request, reached)
    except (Refused, apart.Refused) as refused:
        return _refusal(request, refused.reason)
    except Busy:
        return _refusal(request, "busy")
    if request.POST.get("format") in FORMATS:
        return _download(request, scanned, request.POST["format"])
    return _page(request, scanned)


def _sent(request: HttpRequest) -> tuple[bool, str, bytes]:
    """Return whether it is an archive, the name of a pasted file, and the bytes. Raises Refused for an empty form."""
    if "upload" in request.POST or "zip" in request.FILES:
        file = request.FILES.get("zip")
        if not isinstance(file, UploadedFile) or not file.size:
            raise Refused("no-file")
        return True, "", file.read()
    text = request.POST.get("text", "")
    if not text.strip():
        raise Refused("nothing-pasted")
    return False, request.POST.get("name", "")[:LONGEST_NAME], text.replace("\r\n", "\n").encode()


@transaction.atomic
def _count(request: HttpRequest) -> None:
    """Count a scan. Raises LimitReached."""
    if wait := count(request, "scan", SCANS_PER_MINUTE):
        text = _("You can scan again in %d seconds; go back to find your text.") % wait
        raise LimitReached("SCANS_PER_MINUTE", _("Too many scans"), text, wait)


def _page(request: HttpRequest, scanned: Scanned | None = None, refused: str = "") -> HttpResponse:
    context = place_of("scan") | {
        "may_scan": may_scan(request),
        "refused": REFUSALS.get(refused, ""),
        "by_command_line": refused in BY_COMMAND_LINE,
        "scanned": scanned,
    }
    if request.method == "POST" and may_scan(request) and refused not in ("body", "keys"):
        context |= {"name": request.POST.get("name", "")[:LONGEST_NAME], "text": _kept(request)}
    if scanned:
        report = scanned.report
        context |= {
            "steps": steps(report),
            "unread": list(unread(report)),
            "unread_count": len(report.errors),
            "finding_count": len(report.findings),
            "file_count": len({finding.file for finding in report.findings}),
        }
    return render(request, "compare/scan.html", context, status=STATUS.get(refused, 400) if refused else 200)


def _kept(request: HttpRequest) -> str:
    """Return the pasted text for its field, where it is short enough for a page."""
    text = request.POST.get("text", "")
    return text if len(text) <= KEPT and len(escape(text).encode()) <= KEPT else ""


def _refusal(request: HttpRequest, reason: str) -> HttpResponse:
    response = _page(request, refused=reason)
    if reason == "busy":
        response["Retry-After"] = str(RETRY_AFTER)
    log_refusal(request, response, REFUSALS[reason])
    return response


def _download(request: HttpRequest, scanned: Scanned, kind: str) -> HttpResponse:
    """Return the whole report as a file, in the visitor's language."""
    language = "ja" if (get_language() or "").startswith("ja") else "en"
    content_type, file_name = FORMATS[kind]
    site = request.build_absolute_uri("/").rstrip("/")
    if kind == "json":
        body = as_json(scanned.report, language, site)
    else:
        body = as_markdown(scanned.report, scanned.name or "zip", language, site)
    response = HttpResponse(body, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
