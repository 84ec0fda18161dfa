/*
title = "Kartu skor 14 IKU"
asks = "Bagaimana keadaan tiap IKU, berapa lagi sampai target, dan siapa penanggung jawabnya?"
display = "table"
begins_with = ["pilihan"]
status = ["status"]

[columns]
nomor = { title = "No." }
indikator = { title = "Indikator" }
target = { title = "Target", decimals = 2 }
realisasi = { title = "Realisasi", decimals = 2 }
capaian = { title = "Capaian (%)", decimals = 2, show_mini_bar = true }
status = { title = "Status" }
tren = { title = "Tren" }
kurang = { title = "Kurang" }
penanggung_jawab = { title = "Penanggung jawab" }
data_diterima = { title = "Data diterima" }
umur_data = { title = "Umur data (hari)" }
iku = { hidden = true }
*/
WITH riwayat AS (
    SELECT
        *,
        lag(realisasi) OVER (PARTITION BY iku ORDER BY tahun, triwulan) AS sebelumnya
    FROM mart.kartu_skor
    WHERE
        kantor = (SELECT kantor FROM pilihan)
        AND tahun BETWEEN (SELECT tahun FROM pilihan) - 1 AND (SELECT tahun FROM pilihan)
        AND dokumen = coalesce([[{{dokumen}},]] 'pk')
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

SELECT
    nomor,
    nama_pendek AS indikator,
    target,
    realisasi,
    capaian,
    status_kata AS status,
    CASE
        WHEN sebelumnya IS NULL OR realisasi IS NULL THEN '–'
        WHEN realisasi > sebelumnya THEN '▲ naik'
        WHEN realisasi < sebelumnya THEN '▼ turun'
        ELSE '= tetap'
    END AS tren,
    kurang,
    unit AS penanggung_jawab,
    data_diterima,
    umur_data,
    iku
FROM riwayat
WHERE (tahun, triwulan) = (SELECT tahun, triwulan FROM pilihan)
ORDER BY nomor
