/*
title = "NPSS (target PK)"
asks = "Berapa nilai pencapaian sasaran strategis keseluruhan?"
display = "scalar"

[columns]
npss = { title = "NPSS", decimals = 2 }
*/
WITH pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT npss
FROM mart.nilai_keseluruhan
WHERE
    (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
    AND dokumen = 'pk'
    AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
