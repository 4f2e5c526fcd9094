"""What is unpacked of a zip, what is listed as not read, and what is refused."""

from __future__ import annotations

import stat
import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripe_scan import archives
from stripe_scan.archives import MOST_BYTES, MOST_FILES, Refused, unpack
from tests.stage.uploads import packed


def unread(data: bytes) -> dict[str, str]:
    return {one.file: one.reason for one in unpack(data).unread}


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        unpack(data)
    return refused.value.reason


def entry(name: str, content: bytes = b"stripe", **fields: int) -> bytes:
    """Return a zip of one file whose header says something else."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo(name)
        for field, value in fields.items():
            setattr(info, field, value)
        archive.writestr(info, content)
    return stream.getvalue()


def patched(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """Return an archive with other bytes after each of these signatures."""
    changed, place = bytearray(data), data.find(signature)
    while place >= 0:
        changed[place + offset : place + offset + len(value)] = value
        place = data.find(signature, place + 4)
    return bytes(changed)


CENTRAL, LOCAL = b"PK\1\2", b"PK\3\4"


def test_files_that_the_scanner_reads_are_unpacked_and_others_are_not_mentioned() -> None:
    data = packed(
        {
            "shop/views.py": "stripe",
            "shop/pay.html": "<form>",
            "requirements.txt": "stripe==2",
            "logo.png": b"\x89PNG",
            "inner.zip": packed({"views.py": "stripe"}),
            "node_modules/stripe/index.js": "stripe",
            "shop.egg-info/setup.py": "stripe",
            "__MACOSX/shop/._views.py": b"\0",
            "empty/": "",
        }
    )

    unpacked = unpack(data)

    assert unpacked.texts == {"shop/views.py": b"stripe", "shop/pay.html": b"<form>", "requirements.txt": b"stripe==2"}
    assert unpacked.unread == []


@pytest.mark.parametrize("data", [packed({}), packed({"a.txt": "x"})], ids=["empty", "nothing to read"])
def test_an_archive_without_anything_to_read_is_no_error(data: bytes) -> None:
    assert (unpack(data).texts, unpack(data).unread) == ({}, [])


@pytest.mark.parametrize(
    "name",
    [
        "../views.py",
        "shop/../../views.py",
        "/etc/views.py",
        "..\\views.py",
        "C:\\shop\\views.py",
        "C:views.py",
        "//a/b.py",
    ],
)
def test_a_name_that_leads_out_of_the_archive_is_not_read(name: str) -> None:
    data = entry(name)

    assert unpack(data).texts == {}
    assert list(unread(data).values()) == [archives.OUTSIDE]


def test_odd_names_that_stay_inside_are_read() -> None:
    data = packed({"./shop//views.py": "1", "shop\\models.py": "2", "a b/é.py": "3"})

    assert unpack(data).texts == {"shop/views.py": b"1", "shop/models.py": b"2", "a b/é.py": b"3"}


def test_what_a_name_cannot_show_is_replaced() -> None:
    assert list(unpack(entry("a\x1b[31m\u202egpj.py")).texts) == ["a\ufffd[31m\ufffdgpj.py"]


def test_a_name_ends_at_its_nul() -> None:
    data = packed({"views_py": "stripe"}).replace(b"views_py", b"view.py\0")

    assert list(unpack(data).texts) in (["view.py"], ["view.py\ufffd"], [])


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("決済.py".encode(), "決済.py"),  # macOS marks no encoding
        ("決済.py".encode("cp932"), "決済.py"),  # Windows in Japan
        (b"caf\x82.py", "caf\u00e9.py"),  # what the format says: cp437
    ],
)
def test_names_without_a_mark_are_read_in_the_encoding_that_fits(raw: bytes, shown: str) -> None:
    plain = "x" * (len(raw) - 3) + ".py"
    data = entry(plain).replace(plain.encode(), raw)

    assert list(unpack(data).texts) == [shown]


def test_a_name_that_is_said_to_be_utf_8_and_is_not_is_refused() -> None:
    data = packed({"é.py": "stripe"}).replace("é".encode(), b"\xff\xff")

    assert refusal(data) == "no-archive"


def test_of_two_files_of_one_name_the_first_is_read() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("views.py", "first")
        archive.writestr("./views.py", "third")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("views.py", "second")

    assert unpack(stream.getvalue()).texts == {"views.py": b"first"}
    assert [one.reason for one in unpack(stream.getvalue()).unread] == [archives.SAME_NAME] * 2


def test_a_link_is_not_followed() -> None:
    assert unread(entry("views.py", b"/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16)) == {
        "views.py": archives.IS_LINK
    }


def test_an_encrypted_file_is_named() -> None:
    data = patched(patched(packed({"views.py": "stripe"}), CENTRAL, 8, b"\x01\x00"), LOCAL, 6, b"\x01\x00")

    assert unread(data) == {"views.py": archives.ENCRYPTED}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_whose_memory_the_archive_decides_is_not_used(method: int) -> None:
    assert unread(packed({"views.py": "stripe"}, method)) == {"views.py": archives.COMPRESSION}


def test_an_unknown_method_is_not_used() -> None:
    data = patched(packed({"views.py": "stripe"}), CENTRAL, 10, struct.pack("<H", 77))

    assert unread(data) == {"views.py": archives.COMPRESSION}


def test_a_very_long_name_is_shown_by_its_end() -> None:
    [one] = unpack(entry("a" * 5_000 + "/views.py")).unread

    assert (len(one.file), one.file[-9:], one.reason) == (archives.LONGEST_NAME, "/views.py", archives.LONG_NAME)


def test_as_many_files_as_allowed_and_one_more() -> None:
    names = {f"{number}.py": "x" for number in range(MOST_FILES)}

    assert len(unpack(packed({**names, **{f"{number}.png": "x" for number in range(50)}})).texts) == MOST_FILES
    assert refusal(packed({**names, "more.py": "x"})) == "too-many"


def test_as_many_bytes_as_allowed_and_one_more() -> None:
    half = b"\0" * (MOST_BYTES // 2)

    assert sum(map(len, unpack(packed({"a.py": half, "b.py": half})).texts.values())) == MOST_BYTES
    assert refusal(packed({"a.py": half, "b.py": half + b"\0"})) == "too-large"
    # What is not read is not unpacked either.
    assert unpack(packed({"a.py": half, "dump.bin": b"\0" * 5_000_000})).texts.keys() == {"a.py"}


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    bomb = packed({"a.py": b"\0" * 50_000_000})

    assert len(bomb) < MOST_BYTES
    assert refusal(bomb) == "too-large"


@pytest.mark.parametrize("said", [10, 2**32 - 2])
def test_a_size_that_is_a_lie_is_not_believed(said: int) -> None:
    data = patched(packed({"a.py": b"\0" * 5_000}), CENTRAL, 24, struct.pack("<I", said))

    assert unread(data) == {"a.py": archives.DAMAGED} or list(unpack(data).texts) == ["a.py"]


def test_the_same_packed_bytes_under_many_names_are_refused() -> None:
    data = packed({"a.py": b"\0" * 400_000})
    start, end = data.index(CENTRAL), data.index(b"PK\5\6")
    central = data[start:end]
    many = b"".join(central.replace(b"a.py", b"%d.py" % number) for number in range(9))
    tail = bytearray(data[end:])
    tail[8:20] = struct.pack("<HHII", 9, 9, len(many), start)

    with pytest.raises(Refused):
        unpack(data[:start] + many + bytes(tail))


def test_zip64_sizes_that_are_a_lie_are_not_believed() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, archive.open("a.py", "w", force_zip64=True) as file:
        file.write(b"stripe")
    data = stream.getvalue()
    extra = struct.pack("<HHQQ", 1, 16, 2**60, 2**60)
    place = data.index(CENTRAL)
    central = bytearray(data[place : data.index(b"PK\5\6")])
    central[20:28] = b"\xff" * 8
    central[30:32] = struct.pack("<H", len(extra))
    tail = bytearray(data[data.index(b"PK\5\6") :])
    tail[12:16] = struct.pack("<I", len(central) + len(extra))

    with pytest.raises(Refused):
        unpack(data[:place] + bytes(central) + extra + bytes(tail))


def test_a_damaged_file_is_named_and_the_others_are_read() -> None:
    data = packed({"a.py": "stripe" * 100, "b.py": "stripe"}, zipfile.ZIP_STORED)

    unpacked = unpack(data.replace(b"stripestripe", b"strippstripe", 1))

    assert unpacked.texts == {"b.py": b"stripe"}
    assert [(one.file, one.reason) for one in unpacked.unread] == [("a.py", archives.DAMAGED)]


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all", b"PK\5\6" + b"\0" * 17, b"\x1f\x8b gzip"])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    assert refusal(data) == "no-archive"


@given(st.data())
def test_no_byte_that_is_changed_makes_it_fail(data: st.DataObject) -> None:
    good = packed({"shop/views.py": "stripe" * 9, "requirements.txt": "stripe==2"})
    spoiled = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        spoiled[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(good) // 2, len(good)))

    for candidate in (bytes(spoiled), bytes(spoiled[:cut])):
        try:
            unpacked = unpack(candidate)
        except Refused:
            continue
        assert sum(map(len, unpacked.texts.values())) <= MOST_BYTES


def test_a_short_name_is_not_shortened() -> None:
    assert archives.shortened("a.py") == "a.py"
