/*
title = "Instansi yang memenuhi"
asks = "Berapa instansi yang sudah memenuhi tiap IKU?"
display = "bar"
begins_with = ["pilihan", "keadaan_instansi"]

[columns]
indikator = { title = "IKU" }
memenuhi = { title = "Memenuhi" }
belum = { title = "Belum memenuhi" }

[settings]
"graph.dimensions" = ["indikator"]
"graph.metrics" = ["memenuhi", "belum"]
"graph.show_values" = true
"stackable.stack_type" = "stacked"

[settings.series_settings.memenuhi]
title = "Memenuhi"
color = "#84BB4C"

[settings.series_settings.belum]
title = "Belum memenuhi"
color = "#EF8C8C"
*/
SELECT
    named.nomor || '. ' || named.nama_pendek AS indikator,
    count(*) FILTER (WHERE keadaan.memenuhi) AS memenuhi,
    count(*) FILTER (WHERE NOT keadaan.memenuhi) AS belum
FROM keadaan
JOIN mart.peta_strategi AS named ON named.iku = keadaan.iku
GROUP BY named.nomor, named.nama_pendek
ORDER BY named.nomor
