/*
title = "Rekomendasi yang masih terbuka"
asks = "Rekomendasi mana yang belum selesai, dan siapa yang harus menjawab?"
display = "table"
begins_with = ["pilihan", "tampil_iku"]

[columns]
nomor_rekomendasi = { title = "Rekomendasi" }
penerbit = { title = "Penerbit" }
nama_instansi = { title = "Instansi" }
keadaan = { title = "Keadaan" }
tanggal_terbit = { title = "Terbit" }
batas_jawab = { title = "Batas jawab" }
umur_hari = { title = "Umur (hari)", show_mini_bar = true }
*/
SELECT
    item.nomor_rekomendasi,
    item.penerbit,
    item.nama_instansi,
    item.keadaan || CASE WHEN item.lewat_batas THEN ', lewat batas' ELSE '' END AS keadaan,
    item.tanggal_terbit,
    item.batas_jawab,
    item.umur_hari
FROM tampil
JOIN mart.umur_tindak_lanjut AS item ON item.hitungan_id = tampil.hitungan_id
ORDER BY item.umur_hari DESC, item.nomor_rekomendasi
LIMIT 1000
