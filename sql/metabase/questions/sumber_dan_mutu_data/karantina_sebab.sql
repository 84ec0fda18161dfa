/*
title = "Karantina terbuka menurut sebab"
asks = "Mengapa berkas atau baris paling sering ditolak?"
display = "row"
begins_with = ["pilihan_kantor"]

[columns]
sebab = { title = "Sebab" }
jumlah = { title = "Yang ditolak" }

[settings]
"graph.dimensions" = ["sebab"]
"graph.metrics" = ["jumlah"]
"graph.show_values" = true
*/
SELECT replace(aturan, '_', ' ') AS sebab, count(*) AS jumlah
FROM mart.karantina_terbuka
WHERE kantor = (SELECT kantor FROM pilihan)
GROUP BY aturan
ORDER BY count(*) DESC, aturan
