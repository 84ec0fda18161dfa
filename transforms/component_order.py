"""The order in which the components of a value are shown; the database holds them without one."""

from __future__ import annotations

from collections.abc import Mapping

ORDER: Mapping[str, tuple[str, ...]] = {
    "": (
        # Survey (IKU 3 and 4) and IP ASN (IKU 9), which share the word kinerja.
        "responden", "populasi", "sampel_minimum", "sampel_kurang", "n_ditolak",
        "n_ditolak_tanpa_layanan", "indeks", "ikm", "mutu",
        "kategori", "pegawai", "kualifikasi", "kompetensi", "kinerja", "disiplin", "kelompok",
        "unsur", "unsur_tanpa_jawaban", "layanan", "ikm_rata_layanan",
        # Letters and scores (IKU 1, 11, 12, 13).
        "huruf", "huruf_berbeda", "predikat", "perencanaan", "pengukuran", "pelaporan", "evaluasi",
        "nilai_total", "konversi_bobot", "dispensasi", "nilai_hitung_ulang", "aspek",
        "nomor_surat", "tanggal_surat", "nomor_lhe", "tanggal_lhe",
        # Shares of a list (IKU 2, 6, 7, 10).
        "belum_mengukur", "simpegnas", "webservice", "belum_terintegrasi", "layanan_siasn",
        "layanan_lokal", "nilai_siasn", "triwulan", "tanpa_baris",
        # Registers (IKU 5, 8, 14).
        "ditolak", "belum_diputus", "sesuai", "belum_sesuai", "belum_ditindaklanjuti",
        "tidak_dapat_ditindaklanjuti", "bawaan", "tahun_ini", "belum_jatuh_tempo", "triwulan_ini",
        "v1", "v2", "v3", "v4", "temuan", "penerbit",
        # What is said of any of them.
        "catatan", "unit", "batas_atas", "sebab_sementara", "triwulan_asal",
    ),
    "unsur": ("unsur", "nama", "n", "nrr", "nilai", "mutu"),
    "layanan": ("layanan", "responden", "ikm", "mutu"),
    "unit": ("unit", "jawaban", "ikm", "mutu"),
    "huruf": ("A", "B", "C", "D", "E", "tidak_dinilai", "belum"),
    "kelompok": (
        "kelompok", "pegawai", "kualifikasi", "kompetensi", "kinerja", "disiplin", "total",
    ),
    "aspek": ("perencanaan", "pelaksanaan", "hasil"),
    "triwulan": ("triwulan", "nilai", "tanpa_baris"),
    "triwulan_ini": ("rekomendasi", "ditindaklanjuti", "nilai"),
    "temuan": ("jumlah", "selesai", "sebagian", "belum"),
    "penerbit": ("penerbit", "rekomendasi", "ditindaklanjuti", "nilai"),
}  # fmt: skip
"""By the component that holds them ("" for a value's own): the keys, as the formulas give them."""


def in_order(components: object, within: str = "") -> object:
    """Return components, and what they hold, in the order of the formulas; unknown ones last."""
    if isinstance(components, list):
        return [in_order(item, within) for item in components]
    if not isinstance(components, Mapping):
        return components
    places = {name: place for place, name in enumerate(ORDER.get(within, ()))}
    names = sorted(components, key=lambda name: places.get(name, len(places)))
    return {name: in_order(components[name], name) for name in names}
