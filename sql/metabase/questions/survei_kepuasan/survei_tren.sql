/*
title = "IKM dari waktu ke waktu"
asks = "Apakah kepuasan membaik?"
display = "line"
begins_with = ["pilihan"]

[columns]
periode = { title = "Periode" }
pembinaan = { title = "Pembinaan", decimals = 2 }
layanan = { title = "Layanan kepegawaian", decimals = 2 }

[settings]
"graph.dimensions" = ["periode"]
"graph.metrics" = ["pembinaan", "layanan"]
"graph.x_axis.scale" = "ordinal"
"graph.y_axis.unpin_from_zero" = true
"graph.show_values" = true
*/
SELECT
    CASE triwulan
        WHEN 4 THEN tahun::text
        ELSE tahun || ' TW ' || (ARRAY['I', 'II', 'III'])[triwulan]
    END AS periode,
    max(realisasi) FILTER (WHERE iku = 'IKU.3') AS pembinaan,
    max(realisasi) FILTER (WHERE iku = 'IKU.4') AS layanan
FROM mart.kartu_skor
WHERE
    kantor = (SELECT kantor FROM pilihan)
    AND iku IN ('IKU.3', 'IKU.4')
    AND dokumen = 'pk'
    AND (tahun, triwulan) <= (SELECT tahun, triwulan FROM pilihan)
    AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
GROUP BY tahun, triwulan
ORDER BY tahun, triwulan
