/*
title = "Sembilan unsur"
asks = "Unsur mana yang paling memuaskan dan mana yang paling kurang?"
display = "row"

[columns]
pembinaan = { title = "Pembinaan", decimals = 2 }
layanan = { title = "Layanan kepegawaian", decimals = 2 }
nama_unsur = { title = "Unsur" }

[settings]
"graph.dimensions" = ["nama_unsur"]
"graph.metrics" = ["pembinaan", "layanan"]
"graph.show_values" = true
*/
WITH pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
), hitungan AS (
    SELECT hitungan_id FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku IN ('IKU.3', 'IKU.4')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

SELECT
    element.nama_unsur,
    max(element.nilai) FILTER (WHERE element.iku = 'IKU.3') AS pembinaan,
    max(element.nilai) FILTER (WHERE element.iku = 'IKU.4') AS layanan
FROM hitungan
JOIN mart.survei_unsur AS element ON element.hitungan_id = hitungan.hitungan_id
GROUP BY element.unsur, element.nama_unsur
ORDER BY element.unsur
