"""One run: every file of a folder read by the rules for its kind, and the findings of the whole project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from stripe_scan import files, ignoring, rules
from stripe_scan.findings import Finding, Hit, Report, Unread, strongest
from stripe_scan.reading import javascript, pages, python, requirements
from stripe_scan.rules.project import Project

rules.load()

# Why a file is not read, when a scan has a limit of time.
OUT_OF_TIME = "the time was over"


@dataclass(frozen=True)
class Options:
    """What to report: `select` and `skip` are ids of rules; an empty `select` is all."""

    select: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    exclude: tuple[str, ...] = ()
    with_low: bool = False

    def wants(self, hit: Finding | Hit) -> bool:
        """Return whether a finding is reported."""
        if hit.confidence == "low" and not self.with_low:
            return False
        return hit.rule not in self.skip and (not self.select or hit.rule in self.select)


def scan(top: Path, options: Options, progress: Callable[[int], None] = lambda count: None) -> Report:
    """Return what is found below a folder, or in a file."""
    refused: list[OSError] = []
    sources = files.walk(top, options.exclude, refused.append)
    report = _report(((source, partial(files.read, source)) for source in sources), options, progress)
    for error in refused:
        folder = Path(str(error.filename))
        path = folder.relative_to(top).as_posix() if folder.is_relative_to(top) else folder.name
        report.errors.append(Unread(path, error.strerror or "cannot be listed"))
    return report


def scan_texts(texts: Mapping[str, bytes], options: Options, is_late: Callable[[], bool] = lambda: False) -> Report:
    """Return what is found in files that are in memory, by their paths; nothing is read from a disk.

    Once `is_late` says so, the files that are left are listed as not read. It is asked between files: for one that
    takes too long by itself see `apart`.
    """

    def read(path: str) -> bytes:
        if is_late():
            raise files.Unreadable(OUT_OF_TIME)
        return texts[path]

    sources = [files.Source(Path(path), path, files.kinds(path)) for path in sorted(texts)]
    known = (source for source in sources if source.kinds)
    return _report(((source, partial(read, source.path)) for source in known), options, lambda count: None)


def _report(
    sources: Iterable[tuple[files.Source, Callable[[], bytes]]], options: Options, progress: Callable[[int], None]
) -> Report:
    report = Report()
    project = Project()
    for source, read in sources:
        report.files += 1
        progress(report.files)
        try:
            hits = hits_in(source, read(), project)
        except files.Unreadable as error:
            report.errors.append(Unread(source.path, str(error)))
            continue
        report.findings += [Finding(source.path, hit.line, hit.rule, hit.confidence, hit.detail) for hit in hits]
    report.findings += project.findings()
    report.findings = sorted(one for one in report.findings if options.wants(one))
    return report


def hits_in(source: files.Source, data: bytes, project: Project) -> list[Hit]:
    """Return the hits of one file; raises Unreadable for a binary one."""
    if not may_have_something(data):
        return []
    return _hits(source, files.decode(data, "python" in source.kinds), project)


def hits_of(source: files.Source, text: str, options: Options) -> list[Hit]:
    """Return the hits of a text that are reported, without those of the whole project."""
    return [hit for hit in _hits(source, text, Project()) if options.wants(hit)]


def _hits(source: files.Source, text: str, project: Project) -> list[Hit]:
    hits: list[Hit] = []
    is_silent = ignoring.silences(text, source.kinds)
    for kind in source.kinds:
        if kind in ("script", "page", "style") and files.is_minified(source.path, text):
            continue
        for read_as, file in READERS[kind](source.path, text):
            found = [hit for rule in rules.BY_KIND.get(read_as, ()) for hit in rule(file)]
            project.see(source.path, file, found, is_silent)
            hits += found
    return [hit for hit in strongest(hits) if not is_silent(hit)]


def may_have_something(data: bytes) -> bool:
    """Return whether the bytes name Stripe at all, which most files do not, or have a key in them."""
    return b"stripe" in data.lower() or b"_live_" in data or b"k_test_" in data or b"\0t\0r\0i\0p\0e" in data


def _page(path: str, text: str) -> Iterator[tuple[str, object]]:
    for page in pages.read(path, text):
        yield "page", page
        yield from (("script", script) for script in page.scripts)


# For each kind of file, what it is read as, part by part.
READERS: dict[str, Callable[[str, str], Iterable[tuple[str, object]]]] = {
    "python": lambda path, text: [("python", python.read(path, text))],
    "page": _page,
    "script": lambda path, text: [("script", script) for script in javascript.read(path, text)],
    "style": lambda path, text: [("style", text)],
    "requirements": lambda path, text: [("requirements", requirements.read(path, text))],
    "other": lambda path, text: [("other", text)],
}
