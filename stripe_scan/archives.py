"""A zip file that a stranger sent, unpacked in memory; its names are labels, and nothing is written anywhere."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from io import BytesIO

from stripe_scan import files
from stripe_scan.findings import Unread

# Bytes and files that are unpacked at most.
MOST_BYTES = 1_000_000
MOST_FILES = 500
LONGEST_NAME = 200

# Why a file of an archive is not read.
ENCRYPTED = "encrypted"
IS_LINK = "a link"
OUTSIDE = "its name leads out of the archive"
LONG_NAME = "its name is too long"
SAME_NAME = "another file of the archive has this name"
DAMAGED = "damaged"
COMPRESSION = "a compression other than deflate"
REASONS = (ENCRYPTED, IS_LINK, OUTSIDE, LONG_NAME, SAME_NAME, DAMAGED, COMPRESSION)

# What zipfile raises for an archive that is none, or lies about itself.
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class Refused(Exception):
    """An archive is not unpacked; `reason` is one of `no-archive`, `too-many` and `too-large`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Unpacked:
    """The files that are read, by their paths with forward slashes, and those that are not."""

    texts: dict[str, bytes] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)


def unpack(data: bytes) -> Unpacked:
    """Return the files of a zip that the scanner reads; archives inside of it are left packed.

    Raises Refused for what is no zip, for more than MOST_FILES files or MOST_BYTES bytes: what is said of sizes in the
    archive is not believed.
    """
    found = Unpacked()
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            chosen = _chosen(archive, found)
            if len(chosen) > MOST_FILES:
                raise Refused("too-many")
            # The same packed bytes can be named by many entries, and each would be unpacked again.
            if sum(one.compress_size for one in chosen.values()) > len(data):
                raise Refused("no-archive")
            left = MOST_BYTES
            for name, one in chosen.items():
                text = _read(archive, one, left)
                if text is None:
                    found.unread.append(Unread(name, DAMAGED))
                    continue
                left -= len(text)
                found.texts[name] = text
    except BROKEN:
        raise Refused("no-archive") from None
    return found


def _chosen(archive: zipfile.ZipFile, found: Unpacked) -> dict[str, zipfile.ZipInfo]:
    """Return the entries to read, by their names; the others that the scanner would have read are listed."""
    chosen: dict[str, zipfile.ZipInfo] = {}
    for one in archive.infolist():
        path = name_of(one)
        parts = [part for part in path.split("/") if part not in ("", ".")]
        shown = shortened("/".join(parts))
        if one.is_dir() or path.endswith("/") or not files.kinds("/".join(parts)):
            continue
        if any(files.is_left_out(part) for part in parts[:-1]) or parts[0] == "__MACOSX":
            continue
        if reason := _refusal(one, path, parts) or (SAME_NAME if shown in chosen else ""):
            found.unread.append(Unread(shown, reason))
        else:
            chosen[shown] = one
    return chosen


def _refusal(one: zipfile.ZipInfo, path: str, parts: list[str]) -> str:
    """Return why an entry is not read, or an empty text."""
    if ".." in parts or path.startswith("/") or path[1:2] == ":":
        return OUTSIDE
    if len("/".join(parts)) > LONGEST_NAME:
        return LONG_NAME
    if stat.S_ISLNK(one.external_attr >> 16):
        return IS_LINK
    if one.flag_bits & 0x1:
        return ENCRYPTED
    return "" if one.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else COMPRESSION


def _read(archive: zipfile.ZipFile, one: zipfile.ZipInfo, left: int) -> bytes | None:
    """Return a file's bytes, or None where they are not what the archive says. Raises Refused beyond `left` bytes."""
    try:
        with archive.open(one) as file:
            text = file.read(left + 1)
    except BROKEN:
        return None
    if len(text) > left:
        raise Refused("too-large")
    return text


def name_of(one: zipfile.ZipInfo) -> str:
    """Return an entry's name with forward slashes and without signs that cannot be shown.

    Names without a mark of UTF-8 are read as zipfile does (cp437), unless they are UTF-8 (macOS) or Windows' Japanese.
    """
    name = one.filename
    if not one.flag_bits & 0x800:
        raw = name.encode("cp437", errors="replace")
        for encoding in ("utf-8", "cp932"):
            try:
                name = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            break
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name.replace("\\", "/"))


def shortened(name: str) -> str:
    """Return a name's end where it is too long to be shown."""
    return name if len(name) <= LONGEST_NAME else f"…{name[1 - LONGEST_NAME :]}"
