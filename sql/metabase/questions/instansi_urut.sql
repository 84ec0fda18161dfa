/*
title = "Indeks NSPK tiap instansi"
asks = "Instansi mana yang paling tinggi dan paling rendah indeks NSPK-nya?"
display = "row"

[columns]
nama_instansi = { title = "Instansi" }
nilai = { title = "Indeks NSPK", decimals = 2 }

[settings]
"graph.dimensions" = ["nama_instansi"]
"graph.metrics" = ["nilai"]
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

SELECT nama_instansi, nilai
FROM keadaan
WHERE iku = 'IKU.1' AND nilai IS NOT NULL
ORDER BY nilai DESC, nama_instansi
