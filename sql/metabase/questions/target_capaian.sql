/*
title = "Sampai target menurut tiap dokumen"
asks = "Berapa lagi yang diperlukan untuk tiap target?"
display = "table"
status = ["status"]

[columns]
nama_dokumen = { title = "Dokumen" }
target = { title = "Target", decimals = 2 }
realisasi = { title = "Realisasi", decimals = 2 }
capaian = { title = "Capaian (%)", decimals = 2 }
status = { title = "Status" }
kurang = { title = "Masih perlu" }
*/
WITH pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT
    CASE dokumen
        WHEN 'pk' THEN 'Perjanjian Kinerja' WHEN 'renja' THEN 'Renja' ELSE 'Renstra'
    END AS nama_dokumen,
    target,
    realisasi,
    capaian,
    status_kata AS status,
    kurang
FROM mart.kartu_skor
WHERE
    (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
    AND iku = coalesce([[{{iku}},]] 'IKU.1')
    AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
ORDER BY dokumen
