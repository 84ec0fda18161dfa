/*
title = "Instansi yang memenuhi"
asks = "Berapa instansi yang sudah memenuhi tiap IKU?"
display = "bar"

[columns]
indikator = { title = "IKU" }
memenuhi = { title = "Memenuhi" }
belum = { title = "Belum memenuhi" }

[settings]
"graph.dimensions" = ["indikator"]
"graph.metrics" = ["memenuhi", "belum"]
"graph.show_values" = true
"stackable.stack_type" = "stacked"

[settings.series_settings.memenuhi]
title = "Memenuhi"
color = "#84BB4C"

[settings.series_settings.belum]
title = "Belum memenuhi"
color = "#EF8C8C"
*/
WITH pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
), hitungan AS (
    SELECT DISTINCT hitungan_id FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku IN ('IKU.1', 'IKU.2', 'IKU.6', 'IKU.8')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
), keadaan AS (
    SELECT item.* FROM mart.instansi_iku AS item
    WHERE item.hitungan_id = ANY(ARRAY(SELECT hitungan_id FROM hitungan))
)

SELECT
    named.nomor || '. ' || named.nama_pendek AS indikator,
    count(*) FILTER (WHERE keadaan.memenuhi) AS memenuhi,
    count(*) FILTER (WHERE NOT keadaan.memenuhi) AS belum
FROM keadaan
JOIN mart.peta_strategi AS named ON named.iku = keadaan.iku
GROUP BY named.nomor, named.nama_pendek
ORDER BY named.nomor
