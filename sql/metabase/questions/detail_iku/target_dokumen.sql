/*
title = "Target menurut dokumen"
asks = "Berapa target menurut PK, Renja, dan Renstra, dan mengapa berbeda?"
display = "table"
begins_with = ["pilihan"]

[columns]
tahun = { title = "Tahun" }
nama_dokumen = { title = "Dokumen" }
triwulan = { title = "Triwulan" }
target = { title = "Target", decimals = 2 }
alasan = { title = "Alasan perubahan", text_wrapping = true }
sumber_dokumen = { title = "Sumber", text_wrapping = true }
*/
SELECT tahun::text AS tahun, nama_dokumen, triwulan, target, alasan, sumber_dokumen
FROM mart.target_dokumen
WHERE
    kantor = (SELECT kantor FROM pilihan)
    AND iku = coalesce([[{{iku}},]] 'IKU.1')
    AND tahun <= (SELECT tahun FROM pilihan)
ORDER BY tahun DESC, dokumen, triwulan NULLS FIRST, berlaku_mulai DESC
