/*
title = "Nilai akhir IKPA per bulan"
asks = "Bagaimana nilai IKPA bergerak dari bulan ke bulan?"
display = "line"
begins_with = ["pilihan"]

[columns]
periode = { title = "Bulan" }
nilai_akhir = { title = "Nilai akhir", decimals = 2 }

[settings]
"graph.dimensions" = ["periode"]
"graph.metrics" = ["nilai_akhir"]
"graph.x_axis.scale" = "ordinal"
"graph.y_axis.unpin_from_zero" = true
"graph.show_values" = true
*/
SELECT periode, nilai AS nilai_akhir
FROM mart.ikpa_bulanan
WHERE
    (kantor, tahun) = (SELECT kantor, tahun FROM pilihan)
    AND bulan <= 3 * (SELECT triwulan FROM pilihan)
    AND urutan = 0
    AND coalesce([[{{iku}},]] 'IKU.1') = 'IKU.13'
ORDER BY bulan
