"""The files that the code pages show, and where on them each function and line is to be found."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from compare.pages.text import Text


@dataclass(frozen=True)
class File:
    """A file of the project. `page` is the code page on which it stands: empty for that of the two flows."""

    slug: str
    path: str
    page: str
    title: Text

    @property
    def language(self) -> str:
        return {"py": "python", "html": "html", "js": "javascript"}[self.path.rpartition(".")[2]]

    @property
    def source(self) -> str:
        return _source(self.path)

    @property
    def url(self) -> str:
        return reverse("compare:code_page", args=[self.page]) if self.page else reverse("compare:code")


def _alone(slug: str, path: str, en: str, ja: str) -> File:
    return File(slug, path, slug, Text(en, ja))


FILES = (
    File("legacy", "bbs/payments/legacy.py", "", Text("legacy", "legacy")),
    File("modern", "bbs/payments/modern.py", "", Text("modern", "modern")),
    File("legacy-button", "templates/payments/legacy/button.html", "templates", Text("legacy", "legacy")),
    File("modern-button", "templates/payments/modern/button.html", "templates", Text("modern", "modern")),
    File("legacy-test", "tests/bbs/payments/test_legacy.py", "tests", Text("legacy", "legacy")),
    File("modern-test", "tests/bbs/payments/test_modern.py", "tests", Text("modern", "modern")),
    _alone("contract", "bbs/payments/__init__.py", "The contract", "共通の約束"),
    _alone("ledger", "bbs/payments/ledger.py", "The ledger", "台帳"),
    _alone("charges", "bbs/payments/refunds_and_disputes.py", "Refunds and disputes", "返金と不審請求"),
    _alone("webhook", "bbs/payments/webhook.py", "The webhook", "webhook"),
    _alone("client", "bbs/payments/client.py", "Keys and addresses", "キーと接続先"),
    _alone("references", "bbs/payments/references.py", "References and keys", "参照番号と冪等キー"),
    _alone("order", "bbs/payments/order.py", "The signed order", "署名つきの注文"),
    _alone("views", "bbs/views.py", "The views", "ビュー"),
    _alone("api", "bbs/api.py", "The JSON addresses", "JSON のアドレス"),
    _alone("contract-test", "tests/bbs/payments/test_contract.py", "Tests of both flows", "両フロー共通のテスト"),
    _alone("troubles-test", "tests/bbs/payments/test_stripe_troubles.py", "Tests of troubles", "障害時のテスト"),
    _alone("webhook-test", "tests/bbs/payments/test_webhook.py", "Tests of the webhook", "webhook のテスト"),
    _alone("books-test", "tests/bbs/payments/test_books.py", "Tests of the books", "照合のテスト"),
    _alone("paying-test", "tests/browser/test_paying.py", "Tests in a browser", "ブラウザーでのテスト"),
    _alone(
        "hosted-page-test", "tests/sandbox/browser/test_hosted_page.py", "Tests of Stripe's page", "決済ページのテスト"
    ),
    _alone("stories-test", "tests/sandbox/test_stories.py", "Tests of the events", "イベント順のテスト"),
    _alone("old-code-test", "tests/compare/pages/test_old_code.py", "Tests of old code", "古いコードのテスト"),
    _alone("parameters-test", "tests/compare/pages/test_parameters.py", "Tests of parameters", "パラメーターのテスト"),
    _alone(
        "capabilities-test", "tests/compare/pages/test_capabilities.py", "Tests of capabilities", "できることのテスト"
    ),
)
BY_PATH = {file.path: file for file in FILES}


@functools.cache
def _source(path: str) -> str:
    return (settings.BASE_DIR / path).read_text(encoding="utf-8")


@functools.cache
def line_of(path: str, snippet: str) -> int:
    """Return the number of the one line where a piece of code begins. Raises ValueError unless it is there once."""
    source = _source(path)
    if source.count(snippet) != 1:
        raise ValueError(f"{snippet!r} is {source.count(snippet)} times in {path}, and must be there once.")
    return source[: source.index(snippet)].count("\n") + 1


def address_of_line(path: str, snippet: str) -> str:
    """Return the address of a line on its code page."""
    file = BY_PATH[path]
    return f"{file.url}#{file.slug}-L{line_of(path, snippet)}"


def address_of_test(test: str) -> str:
    """Return the address of a test, written `file::function`, on its code page; empty where it is not shown."""
    path, _, name = test.partition("::")
    if path not in BY_PATH:
        return ""
    file = BY_PATH[path]
    return f"{file.url}#{file.slug}-{name.partition('::')[0]}"


@dataclass(frozen=True)
class Span:
    """A top-level piece of a file: its name, and its first and last line, the comments above it included."""

    name: str
    first: int
    last: int


@functools.cache
def spans(path: str) -> tuple[Span, ...]:
    """Cut a file into its top-level functions, classes and tables; what is above the first is called "head"."""
    count = len(_source(path).splitlines())
    if not path.endswith(".py"):
        return (Span("template", 1, count),)
    named = [(name, node) for node in ast.parse(_source(path)).body if (name := name_of(node))]
    starts = [("head", 1), *((name, _first_line(node)) for name, node in named)]
    ends = [first - 1 for _, first in starts[1:]] + [count]
    return tuple(Span(name, first, last) for (name, first), last in zip(starts, ends, strict=True))


def name_of(node: ast.stmt) -> str:
    """Return the name of a function, class, or table in capitals; empty for any other statement."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    is_table = isinstance(target, ast.Name) and target.id.isupper() and node.end_lineno > node.lineno
    return target.id if is_table else ""


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
