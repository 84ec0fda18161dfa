"""Official categories: the words of law and of the systems, and how officers write them."""

from collections.abc import Mapping
from typing import Final

SURVEY_ELEMENTS: Final[Mapping[str, str]] = {
    "u1": "Persyaratan",
    "u2": "Sistem, mekanisme, dan prosedur",
    "u3": "Waktu penyelesaian",
    "u4": "Biaya/tarif",
    "u5": "Produk spesifikasi jenis pelayanan",
    "u6": "Kompetensi pelaksana",
    "u7": "Perilaku pelaksana",
    "u8": "Penanganan pengaduan, saran, dan masukan",
    "u9": "Sarana dan prasarana",
}
"""The nine elements in the order of PermenPANRB 14/2017; printed forms often swap the last two."""

IKPA_INDICATORS: Final[Mapping[str, str]] = {
    "dipa_revision": "Revisi DIPA",
    "page_three_deviation": "Deviasi Halaman III DIPA",
    "absorption": "Penyerapan Anggaran",
    "contract": "Belanja Kontraktual",
    "bill_settlement": "Penyelesaian Tagihan",
    "cash_supply": "Pengelolaan UP dan TUP",
    "dispensation": "Dispensasi SPM",
    "output": "Capaian Output",
}
"""The indicators by the headings of OM-SPAN; Dispensasi SPM is one in 2022-2023 only."""

ANSWER_WORDS: Final[Mapping[str, int]] = {
    **{
        f"{degree} {word}".strip(): value
        for word in (
            "SESUAI", "MUDAH", "CEPAT", "WAJAR", "BAIK", "KOMPETEN", "MAMPU", "SOPAN", "RAMAH",
            "SOPAN DAN RAMAH", "JELAS", "LENGKAP", "NYAMAN", "PUAS", "MEMUASKAN",
        )
        for value, degree in enumerate(("TIDAK", "KURANG", "", "SANGAT"), start=1)
    },
    "SANGAT MAHAL": 1,
    "CUKUP MAHAL": 2,
    "MURAH": 3,
    "GRATIS": 4,
    "TIDAK DIPUNGUT BIAYA": 4,
    "BURUK": 1,
    # Without their letters these might as well mean a free service, or a middling one.
    "B. CUKUP": 2,
    "A. TIDAK ADA": 1,
    "ADA TETAPI TIDAK BERFUNGSI": 2,
    "BERFUNGSI KURANG MAKSIMAL": 3,
    "DIKELOLA DENGAN BAIK": 4,
}  # fmt: skip
"""The options of the printed questionnaire, 1 to 4 (RULES 1.1); a free service is 4 (RULES 1.5)."""

SEXES: Final[Mapping[str, str]] = {
    "L": "L",
    "LAKI-LAKI": "L",
    "LAKI LAKI": "L",
    "PRIA": "L",
    "P": "P",
    "PEREMPUAN": "P",
    "WANITA": "P",
}

EDUCATIONS: Final[Mapping[str, str]] = {
    "SD": "SD",
    "SMP": "SMP",
    "SLTP": "SMP",
    "SMA": "SMA",
    "SMK": "SMA",
    "SLTA": "SMA",
    "SMA/SMK": "SMA",
    "D1-D3": "D1-D3",
    "D1": "D1-D3",
    "D2": "D1-D3",
    "D3": "D1-D3",
    "D-I": "D1-D3",
    "D-II": "D1-D3",
    "D-III": "D1-D3",
    "DIPLOMA": "D1-D3",
    "D4/S1": "D4/S1",
    "D4": "D4/S1",
    "D-IV": "D4/S1",
    "S1": "D4/S1",
    "S-1": "D4/S1",
    "S2": "S2",
    "S-2": "S2",
    "S3": "S3",
    "S-3": "S3",
}
"""Last education, as written and as grouped (RULES 1.4)."""

OCCUPATIONS: Final[Mapping[str, str]] = {
    "PNS": "PNS",
    "ASN": "PNS",
    "PEGAWAI NEGERI SIPIL": "PNS",
    "PPPK": "PPPK",
    "P3K": "PPPK",
    "TNI": "TNI/Polri",
    "POLRI": "TNI/Polri",
    "TNI/POLRI": "TNI/Polri",
    "PEGAWAI SWASTA": "Pegawai swasta",
    "KARYAWAN SWASTA": "Pegawai swasta",
    "SWASTA": "Pegawai swasta",
    "WIRASWASTA": "Wiraswasta",
    "WIRAUSAHA": "Wiraswasta",
    "PELAJAR/MAHASISWA": "Pelajar/mahasiswa",
    "PELAJAR": "Pelajar/mahasiswa",
    "MAHASISWA": "Pelajar/mahasiswa",
    "PENSIUNAN": "Pensiunan",
    "LAINNYA": "Lainnya",
    "LAIN-LAIN": "Lainnya",
}

FOLLOW_UP_STATUSES: Final[Mapping[str, str]] = {
    "1": "Tindak lanjut telah sesuai dengan rekomendasi",
    "2": "Tindak lanjut belum sesuai dengan rekomendasi",
    "3": "Rekomendasi belum ditindaklanjuti",
    "4": "Rekomendasi tidak dapat ditindaklanjuti",
}
"""Peraturan BPK 2/2017, Pasal 6-7; used for Inspektorat and wasdal too (RULES 6.1, 6.3)."""

FOLLOW_UP_CLOSED: Final = ("1", "4")
"""The statuses that close a recommendation, and so need the day on which they were given."""

FOLLOW_UP_WRITTEN: Final[Mapping[str, str]] = {
    "1": "1",
    "SS": "1",
    "SSR": "1",
    "TS": "1",
    "SESUAI": "1",
    "SESUAI REKOMENDASI": "1",
    "SESUAI DENGAN REKOMENDASI": "1",
    "TELAH SESUAI DENGAN REKOMENDASI": "1",
    "TINDAK LANJUT TELAH SESUAI DENGAN REKOMENDASI": "1",
    "SESUAI NSPK": "1",
    "SELESAI": "1",
    "2": "2",
    "BS": "2",
    "BSR": "2",
    "BELUM SESUAI": "2",
    "BELUM SESUAI REKOMENDASI": "2",
    "BELUM SESUAI DENGAN REKOMENDASI": "2",
    "TINDAK LANJUT BELUM SESUAI DENGAN REKOMENDASI": "2",
    "DALAM PROSES": "2",
    "3": "3",
    "BD": "3",
    "BTL": "3",
    "BELUM DITINDAKLANJUTI": "3",
    "BELUM TINDAK LANJUT": "3",
    "REKOMENDASI BELUM DITINDAKLANJUTI": "3",
    "4": "4",
    "TD": "4",
    "TDTL": "4",
    "TIDAK DAPAT DITINDAKLANJUTI": "4",
    "REKOMENDASI TIDAK DAPAT DITINDAKLANJUTI": "4",
}
"""As registers write them; a bare `BELUM` may mean 2 or 3, so it is refused."""

AUDITORS: Final[Mapping[str, str]] = {
    "BPK": "BPK",
    "BPK RI": "BPK",
    "BADAN PEMERIKSA KEUANGAN": "BPK",
    "INSPEKTORAT": "Inspektorat",
    "INSPEKTORAT BKN": "Inspektorat",
    "ITJEN BKN": "Inspektorat",
}

NSPK_GRADES: Final = ("A", "B", "C", "D", "E")
"""Letters of the index of Peraturan BKN 12/2022, best first."""

NSPK_WRITTEN: Final[Mapping[str, str]] = {
    **{letter: letter for letter in NSPK_GRADES},
    "TIDAK DINILAI": "tidak_dinilai",
    "BELUM": "belum",
    "BELUM ADA": "belum",
    "BELUM DINILAI": "belum",
}
"""`tidak_dinilai` is final, `belum` is not known yet (RULES 4.3)."""

PREDICATES: Final[Mapping[str, str]] = {
    predicate: predicate for predicate in ("AA", "A", "BB", "B", "CC", "C", "D")
}
"""Letters of SAKIP (PermenPANRB 88/2021) and of the RB index, best first."""

INTEGRATION_MODES: Final[Mapping[str, str]] = {
    "SIMPEGNAS": "simpegnas",
    "WEB SERVICE": "webservice",
    "WEBSERVICE": "webservice",
    "WEB-SERVICE": "webservice",
    "WS": "webservice",
    "BELUM": "none",
    "BELUM TERINTEGRASI": "none",
}

IP_ASN_STATUSES: Final[Mapping[str, str]] = {
    "SELESAI": "done",
    "SUDAH": "done",
    "PROSES": "in_progress",
    "DALAM PROSES": "in_progress",
    "BELUM": "not_done",
    "TIDAK": "not_done",
}
"""An agency counts as measured when the result of the year exists: `done` (RULES 2.7)."""

REGULATION_STATUSES: Final[Mapping[str, str]] = {
    "DITETAPKAN": "enacted",
    "SUDAH DITETAPKAN": "enacted",
    "DITOLAK": "rejected",
    "DIBATALKAN": "rejected",
    "DIUSULKAN": "undecided",
    "DALAM PROSES": "undecided",
    "PROSES": "undecided",
    "BELUM DITETAPKAN": "undecided",
}

EMPLOYEE_GROUPS: Final[Mapping[str, str]] = {
    "PNS": "PNS",
    "CPNS": "PNS",
    "PPPK": "PPPK",
    "P3K": "PPPK",
}

ACTIVE_POSITION_STATUSES: Final = ("01", "03")
"""SIASN `kedudukanHukum` of active staff: in office, and on study leave (RULES 2.6)."""

POSITION_STATUSES: Final[Mapping[str, str]] = {
    "AKTIF": "01",
    "TUGAS BELAJAR": "03",
    "CLTN": "02",
    # A workbook that holds the code as a number has lost its zero.
    **{str(code): f"{code:02}" for code in range(1, 100)},
    **{f"{code:02}": f"{code:02}" for code in range(1, 10)},
}

YES_NO: Final[Mapping[str, str]] = {
    "YA": "true",
    "Y": "true",
    "SUDAH": "true",
    "TRUE": "true",
    "1": "true",
    "TIDAK": "false",
    "T": "false",
    "BELUM": "false",
    "FALSE": "false",
    "0": "false",
}

AGENCY_CODE: Final = r"^(\d{2}(\.\d{2})?|P\.[A-Z0-9-]+)$"
"""A Kemendagri code as text, or our own code of a central agency (RULES 9.4)."""

IKU_CODE: Final = r"^IKU\.[1-9]\d?$"
