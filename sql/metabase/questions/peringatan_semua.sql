/*
title = "Peringatan"
asks = "Peringatan apa yang masih berlaku, untuk semua periode?"
display = "table"

[columns]
jenis = { title = "Jenis" }
perihal = { title = "Perihal" }
penjelasan = { title = "Penjelasan", text_wrapping = true }
tahun = { title = "Tahun" }
triwulan = { title = "Triwulan" }
sejak = { title = "Sejak" }
*/
WITH pilihan AS (
    SELECT kantor FROM mart.pilihan
    WHERE true [[AND kantor IN ({{kantor}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT jenis, perihal, penjelasan, tahun::text AS tahun, triwulan, sejak
FROM mart.peringatan
WHERE kantor = (SELECT kantor FROM pilihan)
ORDER BY urutan, sejak DESC, perihal
LIMIT 500
