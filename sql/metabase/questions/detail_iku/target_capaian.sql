/*
title = "Sampai target menurut tiap dokumen"
asks = "Berapa lagi yang diperlukan untuk tiap target?"
display = "table"
begins_with = ["pilihan"]
status = ["status"]

[columns]
nama_dokumen = { title = "Dokumen" }
target = { title = "Target", decimals = 2 }
realisasi = { title = "Realisasi", decimals = 2 }
capaian = { title = "Capaian (%)", decimals = 2 }
status = { title = "Status" }
kurang = { title = "Masih perlu" }
*/
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
