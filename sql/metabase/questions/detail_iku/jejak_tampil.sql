/*
title = "Yang pernah tampil"
asks = "Angka mana yang tampil pada hari apa?"
display = "table"
begins_with = ["pilihan"]
status = ["status"]

[columns]
mulai = { title = "Mulai" }
sampai = { title = "Sampai" }
realisasi = { title = "Realisasi", decimals = 2 }
target = { title = "Target", decimals = 2 }
capaian = { title = "Capaian (%)", decimals = 2 }
status = { title = "Status" }
dasar = { title = "Dasar" }
*/
SELECT
    berlaku_dari AS mulai,
    berlaku_sampai AS sampai,
    realisasi,
    target,
    capaian,
    status_kata AS status,
    dasar
FROM mart.kartu_skor
WHERE
    (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
    AND iku = coalesce([[{{iku}},]] 'IKU.1')
    AND dokumen = coalesce([[{{dokumen}},]] 'pk')
ORDER BY berlaku_dari DESC
LIMIT 500
