/*
title = "Realisasi dan target sejak 2020"
asks = "Apakah IKU ini membaik, dan di mana metodenya berganti?"
display = "line"
begins_with = ["pilihan"]

[columns]
periode = { title = "Periode" }
realisasi = { title = "Realisasi", decimals = 2 }
target = { title = "Target", decimals = 2 }
metode_berganti = { title = "Metode berganti", decimals = 2 }

[settings]
"graph.dimensions" = ["periode"]
"graph.metrics" = ["realisasi", "target", "metode_berganti"]
"graph.x_axis.scale" = "ordinal"
"graph.y_axis.unpin_from_zero" = true
"graph.show_values" = true

[settings.series_settings.realisasi]
title = "Realisasi"
color = "#509EE3"
"line.marker_enabled" = true
"line.missing" = "none"

[settings.series_settings.target]
title = "Target"
color = "#98A2AE"
"line.style" = "dashed"
"line.interpolate" = "step-after"
"line.missing" = "none"

[settings.series_settings.metode_berganti]
title = "Metode berganti"
color = "#EF8C8C"
"line.marker_enabled" = true
"line.missing" = "none"
"line.size" = "L"
*/
WITH riwayat AS (
    SELECT
        tahun,
        triwulan,
        realisasi,
        target,
        metode,
        lag(metode) OVER (ORDER BY tahun, triwulan) AS metode_lama
    FROM mart.kartu_skor
    WHERE
        kantor = (SELECT kantor FROM pilihan)
        AND iku = coalesce([[{{iku}},]] 'IKU.1')
        AND dokumen = coalesce([[{{dokumen}},]] 'pk')
        AND (tahun, triwulan) <= (SELECT tahun, triwulan FROM pilihan)
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

SELECT
    CASE triwulan
        WHEN 4 THEN tahun::text
        ELSE tahun || ' TW ' || (ARRAY['I', 'II', 'III'])[triwulan]
    END AS periode,
    realisasi,
    target,
    CASE WHEN metode_lama <> metode THEN coalesce(realisasi, target) END AS metode_berganti
FROM riwayat
WHERE tahun >= 2020
ORDER BY tahun, triwulan
