/*
title = "Karantina terbuka menurut umur"
asks = "Sudah berapa lama yang ditolak menunggu dibetulkan?"
display = "bar"

[columns]
jumlah = { title = "Yang ditolak" }
golongan_umur = { title = "Umur" }

[settings]
"graph.dimensions" = ["golongan_umur"]
"graph.metrics" = ["jumlah"]
"graph.show_values" = true
*/
WITH pilihan AS (
    SELECT kantor FROM mart.pilihan
    WHERE true [[AND kantor IN ({{kantor}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT golongan_umur, count(*) AS jumlah
FROM mart.karantina_terbuka
WHERE kantor = (SELECT kantor FROM pilihan)
GROUP BY golongan_umur
ORDER BY golongan_umur
