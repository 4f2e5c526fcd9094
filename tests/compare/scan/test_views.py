"""Who may scan, what is refused, what is shown, and that nothing of it stays anywhere."""

from __future__ import annotations

import io
import json
import logging
import re
import tempfile
import threading
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.views.debug import ExceptionReporter

from bbs import serving
from bbs.models import RecentCount
from compare.models import WireMessage
from compare.scan import turns, views
from compare.scan.texts import REFUSALS
from stripe_sandbox.models import LoggedRequest
from stripe_scan import apart
from tests.compare.stage.links import Links
from tests.stage.uploads import CHARGE, packed
from tests.stripe_scan.stage.cases import FOLDER, cases

pytestmark = pytest.mark.django_db(databases="__all__")
PAGE = "/compare/scan/"
KEY = "sk_live_51SecretOfSomebody0000"


@pytest.fixture(autouse=True)
def _busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for what takes little of the processor's time, however many other tests take it meanwhile."""
    monkeypatch.setattr(apart, "START", 60)


@pytest.fixture
def english() -> Client:
    return Client(headers={"Accept-Language": "en"})


def paste(client: Client, text: str, **fields: str) -> Any:
    return client.post(PAGE, {"text": text, **fields})


def upload(client: Client, data: bytes, **fields: str) -> Any:
    return client.post(PAGE, {"zip": ContentFile(data, "shop.zip"), "upload": "zip", **fields})


# --- What is shown ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Findings: 3 in 1 of 1 files.", "Read as:", "What to do next", "What this tool cannot see"]),
        ("ja", ["3 件（1 ファイル中 1 ファイル）。", "読み取り方：", "次にすること", "このツールに見えないもの"]),
    ],
)
def test_a_pasted_file_is_shown_by_the_steps_of_the_guide(language: str, said: list[str]) -> None:
    answer = paste(Client(headers={"Accept-Language": language}), CHARGE, name="shop/views.py")

    page = answer.text
    assert answer.status_code == 200
    assert [sentence for sentence in said if sentence not in page] == []
    assert "<code>views.py:2</code>" in page
    links = Links(page).links
    assert {"/compare/old-code/charge-create/", "/compare/migrate/modern/", "/compare/migrate/"} <= links
    assert CHARGE.splitlines()[1].replace("'", "&#x27;") in page


def test_a_zip_is_shown_with_the_files_that_were_not_read(english: Client) -> None:
    page = upload(english, packed({"shop/views.py": CHARGE, "../../etc/cron.py": CHARGE, "logo.png": b"\0"})).text

    assert "Findings: 3 in 1 of 1 files." in page
    assert "shop/views.py:2" in page
    assert re.search(r"<code>../../etc/cron.py</code> its name leads out of the archive", page)
    assert "logo.png" not in page


def test_nothing_found_is_said_too(english: Client) -> None:
    assert "Nothing found in 1 files." in paste(english, "print('hello')\n").text


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_stays_small_whatever_is_found(language: str, legacy_of_everything: dict[str, str]) -> None:
    answer = upload(Client(headers={"Accept-Language": language}), packed(legacy_of_everything))

    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    assert ("More places:" if language == "en" else "ほかに") in answer.text
    assert "run.py scan ../my-shop" in answer.text


@pytest.fixture
def legacy_of_everything() -> dict[str, str]:
    """Return a project in which every rule of the tests' cases is met many times, in files with the longest names."""
    found = [case for path in sorted(FOLDER.glob("*.txt")) for case in cases(path.stem) if case.lines]
    folder = "決" * 150
    return {f"{folder}{number}{case.path}": case.text * 3 for number, case in enumerate(found)}


def test_a_long_text_is_scanned_and_not_shown_again(english: Client) -> None:
    page = paste(english, CHARGE + "# <&>\n" * 20_000).text

    assert "pasted.py:2" in page
    assert "&lt;&amp;&gt;" not in page


@pytest.mark.parametrize(
    ("kind", "content_type", "begin"),
    [("markdown", "text/markdown; charset=utf-8", "# "), ("json", "application/json; charset=utf-8", "{")],
)
def test_the_whole_report_can_be_downloaded(english: Client, kind: str, content_type: str, begin: str) -> None:
    answer = paste(english, CHARGE, format=kind)

    assert answer["Content-Type"] == content_type
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in answer["Cache-Control"]
    assert answer.text.startswith(begin)
    assert "http://testserver/compare/old-code/charge-create/" in answer.text
    assert kind != "json" or json.loads(answer.text)["findings"][0]["file"] == "pasted.py"


# --- What is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [{"text": ""}, {"text": " \n"}, {}, {"name": "views.py"}])
def test_an_empty_paste_is_refused(english: Client, form: dict[str, str]) -> None:
    answer = english.post(PAGE, form)

    assert (answer.status_code, "Paste some code first." in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"", 400, "Choose a zip file first."),
        (b"no zip", 400, "This is not a zip file that can be read"),
        (packed({"inner.zip": packed({"views.py": CHARGE}), "logo.png": "x"}), 400, "no file that the scanner reads"),
        (packed({}), 400, "no file that the scanner reads"),
        (packed({f"{number}.py": "" for number in range(501)}), 413, "more than 500 files"),
        (packed({"bomb.py": b"\0" * 1_000_001}), 413, "larger than 1 MB"),
    ],
    ids=["empty", "no zip", "nested", "no files", "many", "bomb"],
)
def test_an_upload_that_is_none_is_refused(english: Client, data: bytes, status: int, said: str) -> None:
    answer = upload(english, data)

    assert (answer.status_code, said in answer.text) == (status, True)
    assert "Nothing was stored." in answer.text
    assert ("run.py scan ../my-shop</code></p>" in answer.text) is (status == 413)


def test_the_button_without_a_file_asks_for_one(english: Client) -> None:
    assert "Choose a zip file first." in english.post(PAGE, {"upload": "zip", "text": CHARGE}).text


def test_a_binary_paste_is_refused(english: Client) -> None:
    assert "What was pasted is not text." in paste(english, "stripe\0\1").text


@pytest.mark.parametrize("field", ["text", "zip"])
def test_what_is_too_large_is_not_even_parsed(english: Client, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the form was read")

    monkeypatch.setattr("django.http.request.HttpRequest.parse_file_upload", refuse)
    content = "x" * (views.LARGEST_BODY + 1)

    answer = english.post(PAGE, {field: content if field == "text" else io.BytesIO(content.encode())})

    assert (answer.status_code, "The upload is larger than 1 MB." in answer.text) == (413, True)


def test_another_sites_form_is_refused() -> None:
    assert Client(enforce_csrf_checks=True).post(PAGE, {"text": CHARGE}).status_code == 403


def test_a_visitor_scans_ten_times_a_minute(english: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "scan_text", lambda data, name: apart.Scanned("x.py", apart.Report()))

    answers = [paste(english, CHARGE) for _ in range(views.SCANS_PER_MINUTE + 1)]

    assert [answer.status_code for answer in answers] == [200] * views.SCANS_PER_MINUTE + [429]
    assert "You can scan again in" in answers[-1].text
    assert CHARGE[:20] not in answers[-1].text
    assert set(RecentCount.objects.values_list("count", flat=True)) == {views.SCANS_PER_MINUTE}


def test_what_was_refused_before_it_was_scanned_does_not_count(english: Client) -> None:
    paste(english, "")
    upload(english, b"")

    assert not RecentCount.objects.exists()


def test_a_busy_site_says_when_to_come_again(english: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody_more = threading.BoundedSemaphore(1)
    nobody_more.acquire()
    monkeypatch.setattr(turns, "_waiting", nobody_more)

    answer = paste(english, CHARGE)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not RecentCount.objects.exists()


@pytest.mark.parametrize(
    "reason", sorted({*apart.REASONS, "busy"} - {"no-text", "no-archive", "too-many", "too-large"})
)
def test_every_way_in_which_a_scan_ends_has_its_sentence(
    english: Client, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    def end(*_: object) -> None:
        raise apart.Refused(reason)

    monkeypatch.setattr(apart, "scan_text", end)

    answer = paste(english, CHARGE)

    assert str(REFUSALS[reason]) in answer.text
    assert answer.status_code in (400, 413, 503)


# --- Who may ----------------------------------------------------------------------------------------------


def test_with_keys_the_scanner_is_for_staff(english: Client, settings, django_user_model) -> None:
    settings.STRIPE_SANDBOX_ENABLED = False

    page = english.get(PAGE)
    assert (page.status_code, "<textarea" in page.text) == (200, False)
    assert "/admin/login/?next=/compare/scan/" in page.text
    assert "python3 run.py scan ../my-shop" in page.text
    assert paste(english, CHARGE).status_code == 403
    english.force_login(django_user_model.objects.create_user("helper"))
    assert paste(english, CHARGE).status_code == 403
    english.force_login(django_user_model.objects.create_user("staff", is_staff=True))
    assert "charge-create" in paste(english, CHARGE).text


def test_other_methods_are_refused(english: Client) -> None:
    assert (english.put(PAGE).status_code, english.head(PAGE).status_code) == (405, 200)


# --- Nothing of it stays ----------------------------------------------------------------------------------


@pytest.fixture
def no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where anything opens a temporary file."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refuse)


@pytest.mark.usefixtures("no_files")
@pytest.mark.parametrize("size", [100, 900_000])
def test_nothing_of_an_upload_is_stored_or_logged(
    english: Client, settings, caplog: pytest.LogCaptureFixture, size: int
) -> None:
    settings.RECORD_WIRE = True
    # However little Django would keep in memory by itself.
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
    caplog.set_level(logging.DEBUG)
    code = f"{CHARGE}stripe.api_key = '{KEY}'\n" + "#" * size

    answers = [
        upload(english, packed({"secret_shop/views.py": code}, compression=0)),
        paste(english, code),
        paste(english, code[:100] + "\0"),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 400]
    assert "secret_shop/views.py" in answers[0].text
    assert KEY not in answers[0].text
    assert all("no-store" in answer["Cache-Control"] for answer in answers)
    assert [said for said in ("secret_shop", KEY, "Charge.create") if said in caplog.text] == []
    assert not WireMessage.objects.exists()
    assert not LoggedRequest.objects.exists()


def test_an_error_report_has_nothing_of_it(english: Client, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEBUG = False
    reports = []

    def fail(data: bytes, name: str) -> None:
        raise ZeroDivisionError

    def report(request: Any, exception: Exception) -> None:
        reporter = ExceptionReporter(request, type(exception), exception, exception.__traceback__)
        reports.extend([reporter.get_traceback_text(), reporter.get_traceback_html()])

    monkeypatch.setattr(apart, "scan_text", fail)
    english.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(
            "django.core.handlers.exception.handle_uncaught_exception",
            lambda request, resolver, info: report(request, info[1]) or views.render(request, "500.html"),
        )
        paste(english, f"{CHARGE}stripe.api_key = '{KEY}'\n")

    assert len(reports) == 2
    assert "ZeroDivisionError" in reports[0]
    assert not any(KEY in one or "Charge.create" in one for one in reports)


def test_the_server_keeps_in_memory_what_may_be_uploaded() -> None:
    assert views.LARGEST_BODY < serving.LONGEST_BODY
