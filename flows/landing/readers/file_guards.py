"""Guards: what a file really is, by its content, and whether it is safe to open at all."""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from pathlib import Path

LOOK = 1 << 16
MEBIBYTE = 1 << 20
LARGEST_WORKBOOK = 100 * MEBIBYTE
LARGEST_CSV = 2048 * MEBIBYTE

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, .doc and of what has a password
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Names in the directory of an OLE container are UTF-16.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OLD_WORKBOOK = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|script|meta|div|title)\b",
    re.IGNORECASE | re.DOTALL,
)


class Unreadable(ValueError):
    """The file as a whole cannot be read: a rule of the catalogue and what fills its text."""

    def __init__(self, *problems: tuple[str, dict[str, str]]) -> None:
        """Keep all problems of the file, so that all are told at once."""
        super().__init__("; ".join(rule for rule, _ in problems))
        self.problems = problems


class Shape(StrEnum):
    """The two shapes that are read."""

    WORKBOOK = "workbook"
    CSV = "csv"


def shape(file: Path, name: str) -> Shape:
    """Return what a file is; its name must not say otherwise.

    Raises:
        Unreadable: it is neither, is another than its name says, is locked, or is too large.
    """
    with file.open("rb") as stream:
        start = stream.read(LOOK)
    if not start:
        raise Unreadable(("berkas_kosong", {}))
    found = _shape_of(file, name, start)
    largest = LARGEST_WORKBOOK if found is Shape.WORKBOOK else LARGEST_CSV
    if file.stat().st_size > largest:
        raise Unreadable(("berkas_terlalu_besar", _sizes(file.stat().st_size, largest)))
    return found


def _shape_of(file: Path, name: str, start: bytes) -> Shape:
    ending = Path(name).suffix.lower()
    if start.startswith(OLE):
        raise Unreadable((_rule_of_ole(file), {"nama": name}))
    if HTML.match(start.removeprefix(codecs.BOM_UTF8)):
        raise Unreadable(("halaman_web", {"nama": name}))
    if start.startswith(ZIP):
        if ending in (".xlsx", ".xlsm"):
            return Shape.WORKBOOK
        if ending == ".csv" and b"[Content_Types].xml" in start:
            raise Unreadable(("akhiran_berbeda", {"nama": name, "nilai": "Excel"}))
    elif start.startswith(UTF16) or b"\x00" not in start:
        if ending == ".csv":
            return Shape.CSV
        if ending in (".xlsx", ".xlsm") and not start.startswith(b"%PDF"):
            raise Unreadable(("akhiran_berbeda", {"nama": name, "nilai": "teks (CSV)"}))
    raise Unreadable(("bukan_xlsx_atau_csv", {"nama": name}))


def _rule_of_ole(file: Path) -> str:
    """Tell a workbook with a password from one of Excel 97-2003, and both from the rest."""
    content = file.read_bytes() if file.stat().st_size <= LARGEST_WORKBOOK else b""
    if ENCRYPTED in content:
        return "berkas_bersandi"
    return "excel_lama" if any(name in content for name in OLD_WORKBOOK) else "bukan_xlsx_atau_csv"


def _sizes(found: int, largest: int) -> dict[str, str]:
    return {"nilai": f"{found // MEBIBYTE} MB", "aturan": f"{largest // MEBIBYTE} MB"}


def csv_encoding(file: Path) -> str:
    """Return the encoding of a csv: by its mark, else UTF-8 when all of it is, else Windows'.

    A long file may hold its first accent anywhere, so no part of it says what it is.

    Raises:
        Unreadable: it is none of them, or holds NUL, as a disk leaves where it lost what was there.
    """
    with file.open("rb") as stream:
        is_utf16 = stream.read(2) in UTF16
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with file.open("rb") as stream:
                while block := stream.read(LOOK):
                    if b"\x00" in block and not is_utf16:
                        raise Unreadable(("berkas_rusak", {"sebab": "berisi bita NUL"}))
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unreadable(("berkas_rusak", {"sebab": "huruf tidak terbaca"}))
