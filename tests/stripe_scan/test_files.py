"""Which files of a project are read, and as what."""

from __future__ import annotations

from pathlib import Path

import pytest

from stripe_scan import files


def paths(folder: Path, *exclude: str) -> list[str]:
    return [source.path for source in files.walk(folder, exclude)]


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("stripe")


def test_what_is_no_code_of_the_project_is_left_out(tmp_path: Path) -> None:
    fill(tmp_path, "shop/views.py", ".git/a.py", "node_modules/a.js", ".venv/a.py", "env/pyvenv.cfg", "env/a.py")
    fill(tmp_path, "logo.png", "shop/site-packages/a.py")

    assert paths(tmp_path) == ["shop/views.py"]


def test_patterns_exclude_files_and_folders(tmp_path: Path) -> None:
    fill(tmp_path, "shop/views.py", "old/views.py", "shop/tests/test_views.py")

    assert paths(tmp_path, "old", "*/tests/*") == ["shop/views.py"]


def test_a_circle_of_links_and_a_broken_link_end_nothing(tmp_path: Path) -> None:
    fill(tmp_path, "shop/views.py")
    (tmp_path / "shop" / "again").symlink_to(tmp_path)
    (tmp_path / "shop" / "gone.py").symlink_to(tmp_path / "nowhere.py")

    found = list(files.walk(tmp_path))

    assert [source.path for source in found] == ["shop/gone.py", "shop/views.py"]
    with pytest.raises(files.Unreadable, match="No such file"):
        files.read(found[0])


def test_one_file_is_read_by_itself(tmp_path: Path) -> None:
    fill(tmp_path, "views.py")

    assert [(source.path, source.kinds) for source in files.walk(tmp_path / "views.py")] == [("views.py", ("python",))]


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("setup.py", ("python", "requirements")),
        ("requirements/base.in", ("requirements",)),
        ("requirements-dev.txt", ("requirements",)),
        ("notes.txt", ()),
        ("a/templates/pay.jinja2", ("page",)),
        ("a/PAY.HTML", ("page",)),
        ("Pipfile", ("requirements",)),
    ],
)
def test_the_name_says_what_a_file_is_read_as(path: str, kinds: tuple[str, ...]) -> None:
    assert files.kinds(path) == kinds


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfx = 1", "x = 1"),
        ("# -*- coding: cp932 -*-\nx = '円'".encode("cp932"), "# -*- coding: cp932 -*-\nx = '円'"),
        (b"# coding: nonsense\nx = 1", "# coding: nonsense\nx = 1"),
        (b"x = '\xe9'", "x = 'é'"),
        ("x = 1".encode("utf-16"), "x = 1"),
    ],
)
def test_a_file_is_read_in_its_encoding(data: bytes, text: str) -> None:
    assert files.decode(data, is_python=True) == text


def test_a_binary_and_a_large_file_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "large.js").write_bytes(b"a" * (files.LARGEST + 1))

    with pytest.raises(files.Unreadable, match="larger than 1 MB"):
        files.read(files.Source(tmp_path / "large.js", "large.js", ("script",)))
    with pytest.raises(files.Unreadable, match="not a text"):
        files.decode(b"stripe\0\1\2", is_python=False)


def test_what_is_written_for_machines_is_known() -> None:
    assert files.is_minified("a.min.js", "x")
    assert files.is_minified("a.js", "x" * 6000)
    assert not files.is_minified("a.js", "x\n" * 6000)
