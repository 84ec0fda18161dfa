/*
title = "Yang ditampilkan"
asks = "Kantor dan triwulan mana yang sedang dilihat, menurut target yang mana, dan per kapan?"
display = "scalar"

[columns]
keterangan = { title = "Yang ditampilkan" }
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
    shown.nama_kantor || ' · ' || shown.nama_periode || ' · target '
    || upper(coalesce([[{{dokumen}},]] 'pk'))
    || ' · per ' || to_char(coalesce([[{{per_tanggal}},]] office.hari_ini), 'DD-MM-YYYY')
        AS keterangan
FROM mart.pilihan AS shown
JOIN mart.kantor AS office ON office.kantor = shown.kantor
WHERE
    (shown.kantor, shown.tahun, shown.triwulan)
    = (SELECT kantor, tahun, triwulan FROM pilihan)
