"""The catalogue of rules: why a file, a row or a cell is refused, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Consequence(StrEnum):
    """What a broken rule leads to."""

    FILE = "file"
    ROW = "row"
    CELL = "cell"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as an officer reads it.

    Attributes:
        message: what is the matter; may use the names of PLACEHOLDERS in braces.
        hint: what to do about it; may use them too.
        consequence: what it leads to. A row rule broken in a column that the card calls lenient
            empties the cell; a warning is listed and the row counts all the same.
    """

    message: str
    hint: str
    consequence: Consequence = Consequence.ROW


PLACEHOLDERS: Final = ("kolom", "nilai", "aturan", "baris", "nama", "sebab")
"""Column heading, what was found, what is allowed or expected, row number, file name, cause."""


def _file(message: str, hint: str) -> Rule:
    return Rule(message, hint, Consequence.FILE)


def _note(message: str, hint: str) -> Rule:
    return Rule(message, hint, Consequence.WARNING)


_OF_THE_FILE: Mapping[str, Rule] = {
    "berkas_kosong": _file(
        "Berkas ini kosong.",
        "Simpan ulang berkas aslinya lalu letakkan kembali. Bila memang tidak ada data, berkas "
        "register cukup berisi baris judul kolom saja.",
    ),
    "bukan_xlsx_atau_csv": _file(
        "Berkas {nama} bukan berkas Excel (.xlsx) atau CSV (.csv).",
        "Buka di Excel, pilih Simpan Sebagai, lalu pilih “Excel Workbook (.xlsx)” atau “CSV "
        "UTF-8”. Mengganti akhiran nama berkas saja tidak cukup.",
    ),
    "berkas_rusak": _file(
        "Berkas ini tidak dapat dibaca sampai selesai ({sebab}).",
        "Unduh ulang atau simpan ulang berkas aslinya.",
    ),
    "akhiran_berbeda": _file(
        "Nama berkas {nama} tidak sesuai dengan isinya: isinya {nilai}.",
        "Buka di Excel, lalu Simpan Sebagai “Excel Workbook (.xlsx)” atau “CSV UTF-8”. Mengganti "
        "akhiran nama berkas saja tidak cukup.",
    ),
    "halaman_web": _file(
        "Isi berkas {nama} adalah halaman web, bukan tabel Excel atau CSV.",
        "Biasanya ini halaman masuk atau pesan galat yang ikut tersimpan, atau tabel web yang "
        "diberi nama Excel. Masuk dahulu ke aplikasinya lalu unduh ulang; bila isinya memang "
        "tabel, buka di Excel dan Simpan Sebagai “Excel Workbook (.xlsx)”.",
    ),
    "excel_lama": _file(
        "Berkas {nama} berformat Excel lama (.xls, 97-2003).",
        "Buka di Excel, lalu Simpan Sebagai “Excel Workbook (.xlsx)”.",
    ),
    "berkas_bersandi": _file(
        "Berkas {nama} dikunci dengan kata sandi.",
        "Buka di Excel dengan kata sandinya, pilih File, Info, Protect Workbook, Encrypt with "
        "Password, kosongkan sandinya, lalu simpan.",
    ),
    "berkas_bermakro": _file(
        "Berkas ini berisi makro, yang tidak diterima.",
        "Buka di Excel, lalu Simpan Sebagai “Excel Workbook (.xlsx)”, tanpa makro.",
    ),
    "tautan_luar": _file(
        "Berkas ini mengambil nilai dari berkas Excel lain, sehingga isinya tidak pasti.",
        "Di Excel pilih Data, Edit Links, Break Link, atau tempel hasilnya sebagai nilai (Paste "
        "Values), lalu simpan.",
    ),
    "berkas_terlalu_besar": _file(
        "Berkas ini berukuran {nilai}; paling besar {aturan}.",
        "Hapus gambar dan lembar yang tidak perlu, atau simpan sebagai “CSV UTF-8”.",
    ),
    "berkas_mengembang": _file(
        "Berkas ini mengembang tidak wajar bila dibuka (lebih dari {aturan}, atau jauh melebihi "
        "ukurannya).",
        "Salin tabelnya ke buku kerja baru lalu simpan, atau simpan sebagai “CSV UTF-8”.",
    ),
    "lembar_terlalu_luas": _file(
        "Lembar {nama} terisi sampai {nilai}, terlalu luas untuk dibaca.",
        "Hapus baris dan kolom kosong di bawah dan di kanan tabel (pilih, Delete, simpan). Bila "
        "datanya memang sebanyak itu, simpan sebagai “CSV UTF-8”.",
    ),
    "beberapa_lembar": _file(
        "Beberapa lembar berisi tabel untuk sumber ini: {nilai}.",
        "Sisakan satu lembar yang benar; pindahkan yang lain ke berkas lain.",
    ),
    "hanya_lembar_tersembunyi": _file(
        "Tabelnya hanya ada di lembar tersembunyi: {nilai}.",
        "Lembar tersembunyi tidak dibaca. Klik kanan tab lembar, pilih Unhide, periksa isinya, "
        "lalu simpan.",
    ),
    "hanya_rekap": _file(
        "Berkas ini {nilai}: hanya jumlah, tanpa baris yang dapat dihitung.",
        "Letakkan {aturan}.",
    ),
    "nilai_belum_diberikan": _file(
        "Kolom {kolom} tidak ada dalam {nilai}.",
        "Tambahkan kolom {kolom}, atau beri satu nilai untuk seluruh berkas dengan menambahkan "
        '--set "{kolom}=..." pada `iku land`.',
    ),
    "kolom_sudah_ada": _file(
        "Nilai {kolom} diberikan saat memuat (“{nilai}”), padahal berkas ini punya kolomnya.",
        "Muat lagi tanpa --set untuk kolom itu, atau hapus kolomnya dari berkas.",
    ),
    "jumlah_tidak_cocok": _file(
        "Baris {baris} (jumlah atau rata-rata), kolom {kolom}: tertulis {nilai}, padahal dari "
        "baris-barisnya {aturan}.",
        "Periksa apakah ada baris yang hilang atau dua kali. Bila baris jumlahnya yang keliru, "
        "perbaiki atau hapus baris jumlah itu.",
    ),
    "triwulan_berbeda": _file(
        "Judul berkas ini menyebut {nilai}, padahal diletakkan untuk {aturan}.",
        "Pindahkan ke periode yang benar, atau perbaiki judulnya.",
    ),
    "rumus_dibaca_nilai": _note(
        "Ada {nilai} sel berisi rumus ({aturan}); yang dibaca adalah hasilnya yang tersimpan.",
        "Bila rumusnya belum dihitung ulang sesudah isinya berubah, buka di Excel, simpan, lalu "
        "muat lagi.",
    ),
    "lembar_tidak_dibaca": _note(
        "Lembar lain tidak dibaca: {nilai}.",
        "Bila di sana masih ada data, pindahkan ke lembar tabelnya.",
    ),
    "kolom_tidak_dibaca": _note(
        "Kolom {kolom} tidak dibaca.",
        "Kolom itu tidak termasuk yang dihitung untuk sumber ini.",
    ),
    "nilai_diberikan": _note(
        "Kolom {kolom} diisi “{nilai}” untuk seluruh berkas, menurut yang memuatnya.",
        "Bila tidak berlaku untuk semua baris, tambahkan kolom itu dalam berkasnya.",
    ),
    "tarikan_rusak": _file(
        "Baris {baris} dari hasil penarikan ini tidak dapat dibaca: {sebab}.",
        "Tarik ulang dari layanan atau basis datanya. Bila tetap demikian, sampaikan kepada "
        "pengelola layanan itu; sementara itu data dapat diletakkan sebagai berkas .xlsx.",
    ),
    "kepala_tidak_ditemukan": _file(
        "Baris judul kolom tidak ditemukan pada 30 baris pertama.",
        "Pakai judul kolom seperti pada templat: {kolom}.",
    ),
    "kolom_hilang": _file(
        "Kolom {kolom} tidak ada.",
        "Tambahkan kolom itu dengan judul persis seperti pada templat. Isinya boleh kosong bila "
        "memang tidak ada datanya dan kolomnya tidak wajib.",
    ),
    "kolom_tak_dikenal": _file(
        "Kolom {kolom} tidak dikenal untuk sumber ini.",
        "Perbaiki ejaan judulnya agar sama dengan templat, atau hapus kolom itu bila memang bukan "
        "bagian dari laporan ini.",
    ),
    "kolom_ganda": _file(
        "Kolom {kolom} muncul lebih dari satu kali.",
        "Sisakan satu kolom saja; hapus atau gabungkan yang lain.",
    ),
    "satu_baris": _file(
        "Berkas ini berisi {nilai} baris data, padahal harus tepat satu baris.",
        "Sisakan satu baris untuk surat atau LHE tahun ini; tahun lain diletakkan sebagai berkas "
        "tersendiri.",
    ),
    "tidak_ada_baris_kantor_ini": _file(
        "Tidak ada satu pun baris milik kantor ini; semua milik instansi, unit atau kantor lain.",
        "Periksa apakah berkas ini salah kantor atau salah folder.",
    ),
    "ambang_terlampaui": _file(
        "Ada {nilai} baris yang ditolak, lebih dari batas yang diperbolehkan ({aturan}).",
        "Perbaiki baris-baris yang tercantum di bawah ini lalu letakkan kembali berkasnya. "
        "Belum ada baris yang disimpan.",
    ),
    "susut_banyak": _file(
        "Berkas ini hanya berisi {aturan} baris yang baik, padahal sebelumnya {nilai}. Ditahan "
        "dahulu, belum dimuat.",
        "Periksa apakah ada baris yang hilang atau tersaring. Bila memang begitu keadaannya, muat "
        'dengan alasannya: iku land {sebab} --confirm --reason "...".',
    ),
    "periode_akan_kosong": _file(
        "Berkas ini tidak berisi baris data, padahal sebelumnya {nilai} baris. Ditahan dahulu, "
        "belum dimuat.",
        "Periksa apakah isinya terhapus. Bila memang sudah tidak ada datanya, muat dengan "
        'alasannya: iku land {sebab} --confirm --reason "...".',
    ),
    "susut_dipastikan": _note(
        "Berkas ini hanya berisi {aturan} baris yang baik, sebelumnya {nilai}; dimuat karena sudah "
        "dipastikan.",
        "Alasannya tercatat pada muatan ini.",
    ),
    "bulan_berbeda": _file(
        "Isi berkas ini sampai dengan bulan {nilai}, padahal diletakkan untuk {aturan}.",
        "Pindahkan ke periode yang benar, atau unduh ulang laporan bulan yang dimaksud.",
    ),
    "tahun_berbeda": _file(
        "Isi berkas ini untuk tahun {nilai}, padahal diletakkan untuk {aturan}.",
        "Pindahkan ke periode yang benar, atau unduh ulang laporan tahun yang dimaksud.",
    ),
    "rezim_berbeda": _file(
        "Laporan OM-SPAN ini memakai bobot yang berlaku {nilai}, padahal diletakkan untuk "
        "{aturan}.",
        "Periksa tahun anggaran yang dipilih saat mengunduh dari OM-SPAN, dan periode tempat "
        "berkas ini diletakkan.",
    ),
    "tingkat_kppn": _file(
        "Laporan OM-SPAN ini bertingkat KPPN, bukan satker.",
        "Di OM-SPAN buka Monev PA, Indikator Pelaksanaan Anggaran, lalu unduh laporan per satker.",
    ),
    "tata_letak_omspan": _file(
        "Berkas ini bukan laporan “Indikator Pelaksanaan Anggaran” dari OM-SPAN: {sebab}.",
        "Unduh ulang dari OM-SPAN dan jangan mengubah isinya. Laporan sebelum tahun 2022 tidak "
        "dapat dibaca; masukkan nilainya lewat realisasi menurut dokumen resmi.",
    ),
    "blok_tidak_utuh": _file(
        "Baris {baris}: di kolom Keterangan tertulis “{nilai}”, seharusnya “{aturan}”. Setiap "
        "satker harus terdiri atas empat baris: Nilai, Bobot, Nilai Akhir, Nilai Aspek.",
        "Unduh ulang laporan dari OM-SPAN; jangan menghapus, menyisipkan atau mengurutkan baris.",
    ),
    "sel_omspan": _file(
        "Baris {baris}, kolom {kolom}: “{nilai}” tidak dapat dibaca ({aturan}).",
        "Unduh ulang laporan dari OM-SPAN dan jangan mengubah isinya.",
    ),
    "satker_tidak_ada": _file(
        "Satker {aturan} tidak ada dalam laporan ini.",
        "Periksa apakah laporan diunduh dari KPPN yang benar, dan apakah kode satker kantor sudah "
        "benar pada data rujukan.",
    ),
    "satker_belum_diisi": _file(
        "Kode satker kantor ini belum diisi pada data rujukan, sehingga barisnya tidak dapat "
        "dikenali.",
        "Isi kode satker enam angka pada rujukan kantor (office.csv), jalankan `iku seed`, lalu "
        "letakkan kembali berkas ini.",
    ),
    "baris_satker_lain": _note(
        "Baris milik satker lain tidak dihitung: {nilai}.",
        "Satker kantor ini {aturan}. Bila kode itu salah, perbaiki rujukan kantor (office.csv), "
        "jalankan `iku seed`, lalu letakkan kembali berkas ini.",
    ),
    "bagian_bercampur": _file(
        "Periode ini sudah berisi bagian {nilai}, sedangkan berkas ini adalah bagian {aturan}. "
        "Satu periode berisi satu berkas utama saja, atau beberapa bagian bernama; tidak keduanya.",
        "Beri nama bagian pada semua berkas periode ini, atau tarik dahulu berkas yang lain.",
    ),
}

OF_THE_HEADING: Final = frozenset(
    {
        "kolom_hilang",
        "kolom_tak_dikenal",
        "kolom_ganda",
        "kolom_sudah_ada",
        "nilai_belum_diberikan",
    }
)
"""Rules that the heading breaks; the rows under it are looked through all the same."""

_OF_A_CELL: Mapping[str, Rule] = {
    "wajib_diisi": Rule(
        "Kolom {kolom} kosong.",
        "Isi sel itu. Tanda “-” dan “N/A” dibaca sebagai kosong.",
    ),
    "pilihan": Rule(
        "Kolom {kolom} berisi “{nilai}”, yang tidak termasuk pilihan.",
        "Tulis salah satu dari: {aturan}.",
    ),
    "bentuk": Rule(
        "Kolom {kolom} berisi “{nilai}”, yang bentuknya tidak sesuai.",
        "Samakan penulisannya dengan contoh pada templat. Kode ditulis lengkap sebagai teks, "
        "dengan angka nol di depan dan di belakang.",
    ),
    "terlalu_kecil": Rule(
        "Kolom {kolom} berisi {nilai}, terlalu kecil.",
        "Nilai paling kecil adalah {aturan}. Periksa kembali dokumen aslinya.",
    ),
    "terlalu_besar": Rule(
        "Kolom {kolom} berisi {nilai}, terlalu besar.",
        "Nilai paling besar adalah {aturan}. Periksa kembali dokumen aslinya, termasuk tanda "
        "komanya.",
    ),
    "terlalu_panjang": Rule(
        "Kolom {kolom} berisi “{nilai}”, terlalu panjang untuk sebuah nomor.",
        "Tulis nomornya saja, paling banyak {aturan} huruf dan angka.",
    ),
    "di_luar_rentang": Rule(
        "Kolom {kolom} berisi {nilai}, di luar rentang yang berlaku ({aturan}).",
        "Periksa kembali dokumen aslinya, termasuk tanda komanya.",
    ),
    "bukan_angka": Rule(
        "Kolom {kolom} berisi “{nilai}”, yang tidak terbaca sebagai angka.",
        "Tulis angka dengan koma desimal, misalnya 94,78. Hapus satuan dan keterangan dari sel "
        "itu; bila tidak ada nilainya, kosongkan.",
    ),
    "bukan_bilangan_bulat": Rule(
        "Kolom {kolom} berisi “{nilai}”, yang bukan bilangan bulat.",
        "Tulis bilangan bulat tanpa titik, koma atau keterangan, misalnya 35.",
    ),
    "bukan_rupiah": Rule(
        "Kolom {kolom} berisi “{nilai}”, yang tidak terbaca sebagai jumlah uang.",
        "Tulis misalnya 13.454.430.000 atau 13.454.430.000,00. Titik di antara setiap tiga angka, "
        "koma hanya untuk dua angka sen.",
    ),
    "bukan_volume": Rule(
        "Kolom {kolom} berisi “{nilai}”, yang tidak terbaca sebagai volume.",
        "Tulis bilangan bulat, misalnya 180.104 atau 180104.",
    ),
    "bukan_tanggal": Rule(
        "Kolom {kolom} berisi “{nilai}”, yang tidak terbaca sebagai tanggal.",
        "Tulis hari, bulan, lalu tahun empat angka, misalnya 05/01/2024 atau 5 Januari 2024. Bila "
        "yang tampak hanya angka seperti 45296, ubah format selnya menjadi tanggal.",
    ),
    "bukan_bulan": Rule(
        "“{nilai}” tidak terbaca sebagai nama bulan.",
        "Tulis nama bulan lengkap, misalnya September.",
    ),
    "jawaban_di_luar_skala": Rule(
        "Jawaban {kolom} berisi “{nilai}”, di luar skala 1 sampai 4, sehingga dikosongkan.",
        "Periksa formulirnya. 1 = tidak baik, 2 = kurang baik, 3 = baik, 4 = sangat baik; "
        "layanan yang gratis bernilai 4 pada unsur biaya.",
    ),
    "galat_rumus": Rule(
        "Kolom {kolom} berisi galat rumus Excel ({nilai}).",
        "Perbaiki rumusnya, atau tempel hasilnya sebagai nilai (Paste Values), lalu simpan.",
    ),
    "rumus_tanpa_hasil": Rule(
        "Kolom {kolom} berisi rumus yang hasilnya belum pernah dihitung.",
        "Buka berkasnya di Excel, simpan, lalu letakkan kembali; atau ketik nilainya.",
    ),
    "nomor_terpotong": Rule(
        "Kolom {kolom} disimpan Excel sebagai angka, sehingga angka-angka terakhirnya hilang.",
        "Ubah format kolom itu menjadi Teks sebelum mengisi NIP atau nomor panjang, lalu isi ulang "
        "dari sumber aslinya.",
    ),
    "instansi_tidak_dikenal": Rule(
        "Instansi “{nilai}” pada kolom {kolom} tidak dikenal.",
        "Tulis nama resmi lengkap, misalnya Kabupaten Labuhanbatu Utara, atau kode Kemendagri "
        "sebagai teks, misalnya 12.10. Ejaan lain yang lazim dapat ditambahkan sebagai alias pada "
        "data rujukan.",
    ),
    "jenis_instansi_tidak_cocok": Rule(
        "Instansi “{nilai}” pada kolom {kolom}: namanya dikenal, tetapi jenisnya tidak cocok.",
        "Periksa apakah seharusnya Kabupaten, Kota atau Provinsi. Yang dikenal: {aturan}.",
    ),
    "nama_instansi_ganda": Rule(
        "Instansi “{nilai}” pada kolom {kolom} dapat berarti lebih dari satu instansi.",
        "Tulis jenisnya di depan nama. Yang dikenal: {aturan}.",
    ),
    "layanan_tidak_dikenal": Rule(
        "Layanan “{nilai}” pada kolom {kolom} tidak dikenal.",
        "Tulis nama layanan seperti pada daftar rujukan. Layanan baru, atau sebutan lain yang "
        "lazim, ditambahkan lebih dahulu pada data rujukan.",
    ),
    "sistem_tidak_dikenal": Rule(
        "Sistem informasi “{nilai}” pada kolom {kolom} tidak dikenal.",
        "Tulis nama sistem seperti pada daftar rujukan. Sistem baru ditambahkan lebih dahulu pada "
        "data rujukan.",
    ),
    "unit_tidak_dikenal": Rule(
        "Unit “{nilai}” pada kolom {kolom} tidak dikenal.",
        "Tulis nama unit atau kodenya seperti pada daftar rujukan, atau kosongkan bila kolomnya "
        "tidak wajib.",
    ),
    "iku_tidak_dikenal": Rule(
        "IKU “{nilai}” pada kolom {kolom} tidak dikenal.",
        "Tulis kodenya, misalnya IKU.7.",
    ),
    "nama_ganda": Rule(
        "“{nilai}” pada kolom {kolom} dapat berarti lebih dari satu: {aturan}.",
        "Tulis nama lengkap atau kodenya.",
    ),
}

_OF_A_ROW: Mapping[str, Rule] = {
    "kunci_ganda": Rule(
        "Baris ini memakai kunci yang sama dengan baris lain, tetapi isinya berbeda.",
        "Tentukan baris yang benar lalu hapus yang lain. Sebelum itu tidak satu pun dari keduanya "
        "dipakai.",
    ),
    "jumlah_sel_berbeda": Rule(
        "Jumlah sel pada baris {baris} tidak sama dengan jumlah judul kolom.",
        "Pada CSV, teks yang berisi koma, titik koma atau baris baru harus diapit tanda kutip. "
        "Paling aman simpan ulang sebagai .xlsx.",
    ),
    "tanggal_di_luar_periode": Rule(
        "Kolom {kolom} berisi {nilai}, di luar periode berkas ini ({aturan}).",
        "Pindahkan baris itu ke berkas periodenya, atau perbaiki tanggalnya.",
    ),
    "jawaban_kurang": Rule(
        "Lebih dari sepertiga jawaban pada formulir ini kosong atau di luar skala.",
        "Periksa formulirnya. Bila memang tidak diisi, baris ini tidak dihitung sebagai responden.",
    ),
    "status_tanpa_tanggal": Rule(
        "Status 1 (sesuai) atau 4 (tidak dapat ditindaklanjuti) ditulis tanpa tanggal status.",
        "Isi tanggal ketika status itu ditetapkan; tanpa tanggal, triwulannya tidak diketahui.",
    ),
    "status_sebelum_terbit": Rule(
        "Tanggal status lebih awal daripada tanggal rekomendasi diterbitkan.",
        "Periksa kedua tanggal itu, terutama tahunnya.",
    ),
    "batas_sebelum_terbit": Rule(
        "Batas waktu jawaban lebih awal daripada tanggal rekomendasi diterbitkan.",
        "Periksa kedua tanggal itu, terutama tahunnya.",
    ),
    "putusan_tanpa_tanggal": Rule(
        "Usulan yang ditetapkan atau ditolak ditulis tanpa tanggal putusan.",
        "Isi tanggal penetapan atau penolakannya.",
    ),
    "tanggal_tanpa_putusan": Rule(
        "Tanggal putusan diisi, padahal statusnya belum diputus.",
        "Ubah statusnya menjadi Ditetapkan atau Ditolak, atau kosongkan tanggal putusannya.",
    ),
    "putusan_sebelum_usulan": Rule(
        "Tanggal putusan lebih awal daripada tanggal usulan.",
        "Periksa kedua tanggal itu, terutama tahunnya.",
    ),
    "selesai_sebelum_mulai": Rule(
        "Tanggal selesai lebih awal daripada tanggal mulai.",
        "Periksa kedua tanggal itu, terutama tahunnya.",
    ),
    "nilai_tanpa_huruf": Rule(
        "Nilai indeks NSPK diisi tanpa huruf A sampai E.",
        "Isi huruf yang disampaikan BKN bersama nilainya; huruf itulah yang dihitung.",
    ),
    "huruf_kosong": Rule(
        "Huruf indeks NSPK kosong.",
        "Isi huruf A sampai E. Bila hasilnya belum diketahui tulis Belum; bila BKN menyatakan "
        "instansi itu tidak dinilai tulis Tidak Dinilai.",
    ),
    "digital_bertentangan": Rule(
        "Layanan ini ditulis tersedia di SIASN, tetapi tidak digital.",
        "Layanan yang ada di SIASN selalu digital. Perbaiki salah satu dari kedua kolom itu.",
    ),
    "jumlah_komponen_berbeda": Rule(
        "Nilai akhir SAKIP tidak sama dengan jumlah keempat komponennya.",
        "Periksa kembali LHE. Selisih yang diperbolehkan paling banyak 0,01.",
    ),
    "jumlah_dimensi_berbeda": Rule(
        "Total IP ASN berbeda lebih dari 0,02 dari jumlah keempat dimensinya. Total yang tertulis "
        "tetap dipakai.",
        "Periksa kembali hasil resmi dari BKN.",
        Consequence.WARNING,
    ),
    "dispensasi_tidak_sesuai_rezim": Rule(
        "Dispensasi SPM tidak sesuai dengan aturan tahunnya.",
        "Tahun 2022-2023 Dispensasi SPM adalah indikator; sejak 2024 menjadi pengurang nilai "
        "akhir. Unduh ulang laporan dari OM-SPAN.",
    ),
    "bobot_bukan_rezim": Rule(
        "Bobot pada baris ini bukan bobot yang berlaku: {nilai}, seharusnya {aturan} atau 0.",
        "Unduh ulang laporan dari OM-SPAN dan jangan mengubah isinya.",
    ),
    "hitungan_omspan_berbeda": Rule(
        "Angka dalam laporan ini tidak saling cocok: {aturan}.",
        "Unduh ulang laporan dari OM-SPAN dan jangan mengubah isinya. Selisih yang diperbolehkan "
        "paling banyak 0,01.",
    ),
}

RULES: Final[Mapping[str, Rule]] = {**_OF_THE_FILE, **_OF_A_CELL, **_OF_A_ROW}
"""Every rule by its code."""
