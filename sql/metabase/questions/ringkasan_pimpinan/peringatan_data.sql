/*
title = "Peringatan data"
asks = "Apa yang perlu diketahui sebelum angka dipakai?"
display = "table"
begins_with = ["pilihan"]

[columns]
jenis = { title = "Jenis" }
perihal = { title = "Perihal" }
penjelasan = { title = "Penjelasan", text_wrapping = true }
sejak = { title = "Sejak" }
*/
SELECT jenis, perihal, penjelasan, sejak
FROM mart.peringatan
WHERE
    kantor = (SELECT kantor FROM pilihan)
    AND coalesce(tahun, (SELECT tahun FROM pilihan)) = (SELECT tahun FROM pilihan)
    AND coalesce(triwulan, (SELECT triwulan FROM pilihan)) = (SELECT triwulan FROM pilihan)
ORDER BY urutan, sejak, perihal
LIMIT 200
