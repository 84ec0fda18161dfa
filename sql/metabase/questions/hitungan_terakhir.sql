/*
title = "Hitungan terakhir"
asks = "Kapan terakhir dihitung, apa yang berubah, dan adakah yang gagal?"
display = "table"

[columns]
dicatat_pada = { title = "Dicatat pada" }
periode = { title = "Triwulan" }
nilai_baru = { title = "Nilai berubah" }
gagal = { title = "Gagal" }
sebab_gagal = { title = "Sebab gagal", text_wrapping = true }
oleh = { title = "Oleh" }
alasan = { title = "Alasan" }
*/
WITH pilihan AS (
    SELECT kantor FROM mart.pilihan
    WHERE true [[AND kantor IN ({{kantor}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT dicatat_pada, periode, nilai_baru, gagal, sebab_gagal, oleh, alasan
FROM mart.hitungan
WHERE kantor = (SELECT kantor FROM pilihan)
ORDER BY hitungan DESC
LIMIT 100
