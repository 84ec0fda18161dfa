/*
title = "Umur rekomendasi yang masih terbuka"
asks = "Sudah berapa lama rekomendasi wasdal atau audit menunggu?"
display = "bar"
begins_with = ["pilihan", "tampil_iku"]

[columns]
belum_sesuai = { title = "Belum sesuai" }
belum_ditindaklanjuti = { title = "Belum ditindaklanjuti" }
golongan_umur = { title = "Umur" }

[settings]
"graph.dimensions" = ["golongan_umur"]
"graph.metrics" = ["belum_sesuai", "belum_ditindaklanjuti"]
"graph.show_values" = true
"stackable.stack_type" = "stacked"
*/
SELECT
    item.golongan_umur,
    count(*) FILTER (WHERE item.keadaan = 'belum sesuai') AS belum_sesuai,
    count(*) FILTER (WHERE item.keadaan <> 'belum sesuai') AS belum_ditindaklanjuti
FROM tampil
JOIN mart.umur_tindak_lanjut AS item ON item.hitungan_id = tampil.hitungan_id
GROUP BY item.golongan_umur
ORDER BY item.golongan_umur
