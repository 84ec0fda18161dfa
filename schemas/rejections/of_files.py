"""The rules that a file as a whole can break."""

from collections.abc import Mapping
from typing import Final

from schemas.rejections.rule import Consequence, Rule


def _file(message: str, hint: str) -> Rule:
    return Rule(message, hint, Consequence.FILE)


def _note(message: str, hint: str) -> Rule:
    return Rule(message, hint, Consequence.WARNING)


OF_THE_FILE: Mapping[str, Rule] = {
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
