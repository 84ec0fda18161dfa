/*
title = "Hitungan terakhir"
asks = "Kapan terakhir dihitung, apa yang berubah, dan adakah yang gagal?"
display = "table"
begins_with = ["pilihan_kantor"]

[columns]
dicatat_pada = { title = "Dicatat pada" }
periode = { title = "Triwulan" }
nilai_baru = { title = "Nilai berubah" }
gagal = { title = "Gagal" }
sebab_gagal = { title = "Sebab gagal", text_wrapping = true }
oleh = { title = "Oleh" }
alasan = { title = "Alasan" }
*/
SELECT dicatat_pada, periode, nilai_baru, gagal, sebab_gagal, oleh, alasan
FROM mart.hitungan
WHERE kantor = (SELECT kantor FROM pilihan)
ORDER BY hitungan DESC
LIMIT 100
