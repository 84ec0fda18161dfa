/*
title = "Rincian dalam gambar"
asks = "Butir mana yang paling besar dan paling kecil?"
display = "row"

[columns]
butir = { title = "Butir" }
nilai = { title = "Nilai", decimals = 2 }

[settings]
"graph.dimensions" = ["butir"]
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
), tampil AS (
    SELECT * FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku = coalesce([[{{iku}},]] 'IKU.1')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

SELECT item.butir, item.nilai
FROM tampil
JOIN mart.rincian_iku AS item ON item.hitungan_id = tampil.hitungan_id
WHERE item.kelompok <> 'Per penerbit'
ORDER BY item.kelompok, item.urutan
