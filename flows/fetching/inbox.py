"""The inbox: which files lie where an office drops them, what each is for, and is it settled."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from flows.landing import land as landing
from flows.landing.request import Request
from flows.warehouse.connection import Warehouse
from schemas.source import MAIN_PART, PART
from schemas.sources import sources
from transforms.files.period import BadPeriod, parse_period

NAME = re.compile(r"(?P<period>[0-9]{4}(?:-(?:Q[1-4]|[0-9]{2}))?)(?:_(?P<part>.+))?")
ENDINGS = (".xlsx", ".csv")
LEADS_OUT = "tautan ke luar folder ini; tidak dibaca. Salinlah berkasnya sendiri ke sini."
NOT_OURS = ("~$", ".", "Thumbs.db", "desktop.ini")


def waiting(
    inbox: Path, office: str, who: str, settle_seconds: float = 0
) -> tuple[list[Request], list[str]]:
    """Return the files that lie in the inbox of an office, and what is wrong with the others.

    The place says what a file is: `<inbox>/<office>/<source>/<period>[_<part>].{xlsx,csv}`. Of two
    files for one slice neither is given, and a file that changed within the last `settle_seconds`
    waits, as somebody may still be writing it. Messages are Indonesian.
    """
    slices: dict[tuple[str, str, str], list[Path]] = defaultdict(list)
    problems: list[str] = []
    root = inbox / office
    for file in sorted(path for path in root.glob("*/*") if path.is_file()):
        if file.name.startswith(NOT_OURS):
            continue
        try:
            if leads_out(file, root):
                raise ValueError(LEADS_OUT)
            slices[_slice(file)].append(file)
        except (BadPeriod, ValueError) as refusal:
            problems.append(f"{file.relative_to(inbox)}: {refusal}")
    problems += [
        f"{file.relative_to(inbox)}: berkas harus di folder sumbernya, misalnya "
        f"{office}/survey_answer/2024-Q3.xlsx."
        for file in sorted(root.glob("*"))
        if file.is_file() and not file.name.startswith(NOT_OURS)
    ]
    requests = []
    for (source, period, part), files in sorted(slices.items()):
        if len(files) > 1:
            names = " dan ".join(file.name for file in files)
            problems.append(
                f"{files[0].parent.relative_to(inbox)}: {names} untuk periode yang sama; "
                "tidak satu pun dimuat. Sisakan satu."
            )
        elif not is_settled(files[0], settle_seconds):
            problems.append(
                f"{files[0].relative_to(inbox)}: baru saja berubah; mungkin masih disalin. "
                f"Ditunggu {settle_seconds:.0f} detik, lalu dimuat pada `iku refresh` berikutnya."
            )
        else:
            requests.append(Request(files[0], office, source, period, part, "inbox", who))
    return requests, problems


def leads_out(file: Path, folder: Path) -> bool:
    """Tell whether a file, or a folder on the way to it, is a link that leaves `folder`.

    What it leads to is ours and not the sender's: a key, say, which would come into the archive.
    """
    return not file.resolve().is_relative_to(folder.resolve())


def is_settled(file: Path, settle_seconds: float) -> bool:
    """Tell whether nothing of a file has changed within the last `settle_seconds`.

    The change of its directory entry counts too, as a copy may carry the old time of its content;
    so does a time in the near future, as the clock of a file server may run ahead.
    """
    said = file.stat()
    changed = max(said.st_mtime, said.st_ctime)
    return abs(time.time() - changed) >= settle_seconds


def unlanded(warehouse: Warehouse, lying: Iterable[Request]) -> list[Request]:
    """Return the files that a refresh would land: those that no load says already; reads only."""
    return [request for request in lying if landing.is_news(warehouse, request)]


def _slice(file: Path) -> tuple[str, str, str]:
    source = sources().get(file.parent.name)
    if source is None:
        raise ValueError(
            f"“{file.parent.name}” bukan nama sumber. Yang dikenal: {', '.join(sorted(sources()))}."
        )
    if file.suffix.lower() not in ENDINGS:
        raise ValueError("hanya .xlsx dan .csv yang dibaca. Simpan ulang sebagai salah satunya.")
    found = NAME.fullmatch(file.stem)
    if found is None:
        raise ValueError(
            "nama berkas harus periode, lalu _bagian bila perlu, misalnya 2024-Q3_mutasi.xlsx."
        )
    period = parse_period(found["period"], source.cadence).text
    part = found["part"] or MAIN_PART
    if not PART.fullmatch(part) or (part != MAIN_PART and not source.has_parts):
        raise ValueError(f"bagian “{part}” tidak dapat dipakai untuk sumber ini.")
    return source.code, period, part
