"""The rules that a cell can break."""

from collections.abc import Mapping

from schemas.rejections.rule import Rule

OF_A_CELL: Mapping[str, Rule] = {
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
