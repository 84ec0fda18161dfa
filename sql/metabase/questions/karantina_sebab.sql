/*
title = "Karantina terbuka menurut sebab"
asks = "Mengapa berkas atau baris paling sering ditolak?"
display = "row"

[columns]
sebab = { title = "Sebab" }
jumlah = { title = "Yang ditolak" }

[settings]
"graph.dimensions" = ["sebab"]
"graph.metrics" = ["jumlah"]
"graph.show_values" = true
*/
WITH pilihan AS (
    SELECT kantor FROM mart.pilihan
    WHERE true [[AND kantor IN ({{kantor}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT replace(aturan, '_', ' ') AS sebab, count(*) AS jumlah
FROM mart.karantina_terbuka
WHERE kantor = (SELECT kantor FROM pilihan)
GROUP BY aturan
ORDER BY count(*) DESC, aturan
