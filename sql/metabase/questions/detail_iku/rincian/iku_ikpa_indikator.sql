/*
title = "Indikator IKPA per bulan"
asks = "Indikator IKPA mana yang menarik nilai turun, dan sejak bulan apa?"
display = "table"
begins_with = ["pilihan"]

[columns]
indikator = { title = "Indikator" }
bobot = { title = "Bobot (%)" }
jan = { title = "Jan", decimals = 2 }
feb = { title = "Feb", decimals = 2 }
mar = { title = "Mar", decimals = 2 }
apr = { title = "Apr", decimals = 2 }
mei = { title = "Mei", decimals = 2 }
jun = { title = "Jun", decimals = 2 }
jul = { title = "Jul", decimals = 2 }
agu = { title = "Agu", decimals = 2 }
sep = { title = "Sep", decimals = 2 }
okt = { title = "Okt", decimals = 2 }
nov = { title = "Nov", decimals = 2 }
des = { title = "Des", decimals = 2 }
*/
SELECT
    indikator,
    (array_agg(bobot ORDER BY bulan DESC))[1] AS bobot,
    max(nilai) FILTER (WHERE bulan = 1) AS jan,
    max(nilai) FILTER (WHERE bulan = 2) AS feb,
    max(nilai) FILTER (WHERE bulan = 3) AS mar,
    max(nilai) FILTER (WHERE bulan = 4) AS apr,
    max(nilai) FILTER (WHERE bulan = 5) AS mei,
    max(nilai) FILTER (WHERE bulan = 6) AS jun,
    max(nilai) FILTER (WHERE bulan = 7) AS jul,
    max(nilai) FILTER (WHERE bulan = 8) AS agu,
    max(nilai) FILTER (WHERE bulan = 9) AS sep,
    max(nilai) FILTER (WHERE bulan = 10) AS okt,
    max(nilai) FILTER (WHERE bulan = 11) AS nov,
    max(nilai) FILTER (WHERE bulan = 12) AS des
FROM mart.ikpa_bulanan
WHERE
    (kantor, tahun) = (SELECT kantor, tahun FROM pilihan)
    AND bulan <= 3 * (SELECT triwulan FROM pilihan)
    AND coalesce([[{{iku}},]] 'IKU.1') = 'IKU.13'
GROUP BY indikator, urutan
ORDER BY nullif(urutan, 0) NULLS LAST
