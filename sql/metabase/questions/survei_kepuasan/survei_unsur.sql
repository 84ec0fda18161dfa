/*
title = "Sembilan unsur"
asks = "Unsur mana yang paling memuaskan dan mana yang paling kurang?"
display = "row"
begins_with = ["pilihan", "hitungan_survei"]

[columns]
pembinaan = { title = "Pembinaan", decimals = 2 }
layanan = { title = "Layanan kepegawaian", decimals = 2 }
nama_unsur = { title = "Unsur" }

[settings]
"graph.dimensions" = ["nama_unsur"]
"graph.metrics" = ["pembinaan", "layanan"]
"graph.show_values" = true
*/
SELECT
    element.nama_unsur,
    max(element.nilai) FILTER (WHERE element.iku = 'IKU.3') AS pembinaan,
    max(element.nilai) FILTER (WHERE element.iku = 'IKU.4') AS layanan
FROM hitungan
JOIN mart.survei_unsur AS element ON element.hitungan_id = hitungan.hitungan_id
GROUP BY element.unsur, element.nama_unsur
ORDER BY element.unsur
