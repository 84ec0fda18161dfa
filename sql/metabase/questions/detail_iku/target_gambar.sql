/*
title = "Target dari tahun ke tahun"
asks = "Bagaimana target bergerak dari tahun ke tahun?"
display = "line"
begins_with = ["pilihan"]

[columns]
pk = { title = "Perjanjian Kinerja", decimals = 2 }
renja = { title = "Renja", decimals = 2 }
renstra = { title = "Renstra", decimals = 2 }
tahun = { title = "Tahun" }

[settings]
"graph.dimensions" = ["tahun"]
"graph.metrics" = ["pk", "renja", "renstra"]
"graph.x_axis.scale" = "ordinal"
"graph.y_axis.unpin_from_zero" = true
"graph.show_values" = true
*/
SELECT
    tahun::text AS tahun,
    max(target) FILTER (WHERE dokumen = 'pk') AS pk,
    max(target) FILTER (WHERE dokumen = 'renja') AS renja,
    max(target) FILTER (WHERE dokumen = 'renstra') AS renstra
FROM mart.target_dokumen
WHERE
    kantor = (SELECT kantor FROM pilihan)
    AND iku = coalesce([[{{iku}},]] 'IKU.1')
    AND tahun <= (SELECT tahun FROM pilihan)
    AND triwulan IS NULL
GROUP BY target_dokumen.tahun
ORDER BY target_dokumen.tahun
