/*
title = "Peringatan data"
asks = "Apa yang perlu diketahui sebelum angka dipakai?"
display = "table"

[columns]
jenis = { title = "Jenis" }
perihal = { title = "Perihal" }
penjelasan = { title = "Penjelasan", text_wrapping = true }
sejak = { title = "Sejak" }
*/
WITH pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT jenis, perihal, penjelasan, sejak
FROM mart.peringatan
WHERE
    kantor = (SELECT kantor FROM pilihan)
    AND coalesce(tahun, (SELECT tahun FROM pilihan)) = (SELECT tahun FROM pilihan)
    AND coalesce(triwulan, (SELECT triwulan FROM pilihan)) = (SELECT triwulan FROM pilihan)
ORDER BY urutan, sejak, perihal
LIMIT 200
