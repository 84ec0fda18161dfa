"""Rows of what is shown, as the marts give them; the comments of the marts say what each means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict


class ShownLine(TypedDict):
    """A line of a scorecard while it is shown: a row of `mart.capaian_versi`.

    Grain: office, IKU, quarter, document, span of time. Figures are rounded to two decimals;
    `realisasi_tepat` is a fraction as text. None is a figure that is missing, which status and
    `sebab_tanpa_capaian` explain, a reference that is not recorded, or an end that has not come.
    """

    kantor: str
    nama_kantor: str | None
    iku: str
    nomor: int
    nama_pendek: str
    nama: str
    perspektif: str | None
    urutan_perspektif: int | None
    kode_sasaran: str | None
    sasaran_strategis: str | None
    tahun: int
    triwulan: int
    periode: str
    dokumen: str
    dasar: str
    status: str
    status_kata: str
    satuan: str
    realisasi: Decimal | None
    realisasi_tepat: str | None
    pembilang: Decimal | None
    penyebut: Decimal | None
    target: Decimal | None
    target_triwulanan: bool | None
    capaian: Decimal | None
    sebab_tanpa_capaian: str | None
    kekurangan: int | None
    yang_dihitung: str
    realisasi_hitung: Decimal | None
    status_hitung: str | None
    rincian: Mapping[str, Any]
    metode: str
    nilai_id: int
    capaian_id: int
    berlaku_dari: datetime
    berlaku_sampai: datetime | None


class ShownRollUp(TypedDict):
    """The roll-up of a quarter while it is shown: a row of `mart.npss`.

    Grain: office, quarter, document, span of time. `perspektif` and `sasaran` hold the figures of
    each perspective and objective as text.
    """

    kantor: str
    tahun: int
    triwulan: int
    periode: str
    dokumen: str
    status: str
    npss: Decimal | None
    npss_120: Decimal | None
    batas_bawah: Decimal | None
    cakupan: Decimal
    iku_terhitung: int
    iku_seluruhnya: int
    perspektif: Sequence[Mapping[str, Any]]
    sasaran: Sequence[Mapping[str, Any]]
    berlaku_dari: datetime
    berlaku_sampai: datetime | None


class ChangedLine(TypedDict):
    """A line of a scorecard that is shown otherwise than the version before it.

    Grain: as of a shown line. `_lama` is before, None where nothing was shown. `added`, `again`
    and `gone` name loads, each as "source period": those read now and not before, among them not
    those that are in force again, and those read before and not now.
    """

    iku: str
    periode: str
    berlaku_dari: datetime
    realisasi_lama: Decimal | None
    realisasi: Decimal | None
    capaian_lama: Decimal | None
    capaian: Decimal | None
    status_lama: str | None
    status_kata: str
    is_first: bool
    is_other_target: bool
    is_other_method: bool
    is_other_basis: bool
    added: Sequence[str]
    again: Sequence[str]
    gone: Sequence[str]


class Change(ChangedLine):
    """A changed line, and in Indonesian why it changed."""

    sebab: str
