/*
title = "IKU ini"
asks = "IKU mana yang sedang dilihat, dan bagaimana keadaannya?"
display = "table"
begins_with = ["pilihan"]
status = ["status"]

[columns]
indikator = { title = "Indikator", text_wrapping = true }
periode = { title = "Periode" }
target = { title = "Target", decimals = 2 }
realisasi = { title = "Realisasi", decimals = 2 }
capaian = { title = "Capaian (%)", decimals = 2 }
status = { title = "Status" }
penanggung_jawab = { title = "Penanggung jawab", text_wrapping = true }
*/
WITH tampil AS (
    SELECT * FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku = coalesce([[{{iku}},]] 'IKU.1')
        AND dokumen = coalesce([[{{dokumen}},]] 'pk')
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

SELECT
    nomor || '. ' || nama AS indikator,
    periode,
    target,
    realisasi,
    capaian,
    status_kata AS status,
    nama_unit AS penanggung_jawab
FROM tampil
