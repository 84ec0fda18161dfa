/*
title = "Capaian sejak 2020"
asks = "Apakah target tiap tahun tercapai?"
display = "bar"
begins_with = ["pilihan"]

[columns]
periode = { title = "Tahun" }
capaian = { title = "Capaian (%)", decimals = 2 }

[settings]
"graph.dimensions" = ["periode"]
"graph.metrics" = ["capaian"]
"graph.x_axis.scale" = "ordinal"
"graph.show_values" = true
"graph.show_goal" = true
"graph.goal_value" = 100
"graph.goal_label" = "Tercapai"
*/
SELECT tahun::text AS periode, capaian
FROM mart.kartu_skor
WHERE
    kantor = (SELECT kantor FROM pilihan)
    AND iku = coalesce([[{{iku}},]] 'IKU.1')
    AND dokumen = coalesce([[{{dokumen}},]] 'pk')
    AND (
        (tahun, triwulan) = (SELECT tahun, triwulan FROM pilihan)
        OR (triwulan = 4 AND tahun BETWEEN 2020 AND (SELECT tahun FROM pilihan) - 1)
    )
    AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
ORDER BY tahun
