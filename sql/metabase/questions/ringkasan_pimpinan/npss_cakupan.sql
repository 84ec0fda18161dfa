/*
title = "Cakupan NPSS"
asks = "Berapa persen bobot IKU yang sudah ikut dihitung dalam NPSS?"
display = "progress"
begins_with = ["pilihan"]

[columns]
cakupan = { title = "Cakupan", decimals = 2, suffix = " %" }

[settings]
"progress.goal" = 100
"progress.color" = "#509EE3"
*/
SELECT cakupan
FROM mart.nilai_keseluruhan
WHERE
    (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
    AND dokumen = 'pk'
    AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
