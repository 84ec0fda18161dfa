"""The rules that a row as a whole can break."""

from collections.abc import Mapping

from schemas.rejections.rule import Consequence, Rule

OF_A_ROW: Mapping[str, Rule] = {
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
