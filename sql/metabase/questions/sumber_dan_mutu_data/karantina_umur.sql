/*
title = "Karantina terbuka menurut umur"
asks = "Sudah berapa lama yang ditolak menunggu dibetulkan?"
display = "bar"
begins_with = ["pilihan_kantor"]

[columns]
jumlah = { title = "Yang ditolak" }
golongan_umur = { title = "Umur" }

[settings]
"graph.dimensions" = ["golongan_umur"]
"graph.metrics" = ["jumlah"]
"graph.show_values" = true
*/
SELECT golongan_umur, count(*) AS jumlah
FROM mart.karantina_terbuka
WHERE kantor = (SELECT kantor FROM pilihan)
GROUP BY golongan_umur
ORDER BY golongan_umur
