/*
title = "NPSS (target PK)"
asks = "Berapa nilai pencapaian sasaran strategis keseluruhan?"
display = "scalar"
begins_with = ["pilihan"]

[columns]
npss = { title = "NPSS", decimals = 2 }
*/
SELECT npss
FROM mart.nilai_keseluruhan
WHERE
    (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
    AND dokumen = 'pk'
    AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
