/*
title = "Peringatan"
asks = "Peringatan apa yang masih berlaku, untuk semua periode?"
display = "table"
begins_with = ["pilihan_kantor"]

[columns]
jenis = { title = "Jenis" }
perihal = { title = "Perihal" }
penjelasan = { title = "Penjelasan", text_wrapping = true }
tahun = { title = "Tahun" }
triwulan = { title = "Triwulan" }
sejak = { title = "Sejak" }
*/
SELECT jenis, perihal, penjelasan, tahun::text AS tahun, triwulan, sejak
FROM mart.peringatan
WHERE kantor = (SELECT kantor FROM pilihan)
ORDER BY urutan, sejak DESC, perihal
LIMIT 500
