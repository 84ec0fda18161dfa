/*
title = "Rekomendasi terbuka"
asks = "Rekomendasi wasdal mana yang masih harus dijawab, dan oleh instansi mana?"
display = "table"
begins_with = ["pilihan"]

[columns]
nama_instansi = { title = "Instansi" }
nomor_rekomendasi = { title = "Rekomendasi" }
pokok = { title = "Pokok" }
keadaan = { title = "Keadaan" }
tanggal_terbit = { title = "Terbit" }
batas_jawab = { title = "Batas jawab" }
umur_hari = { title = "Umur (hari)", show_mini_bar = true }
*/
SELECT
    item.nama_instansi,
    item.nomor_rekomendasi,
    item.pokok,
    item.keadaan || CASE WHEN item.lewat_batas THEN ', lewat batas' ELSE '' END AS keadaan,
    item.tanggal_terbit,
    item.batas_jawab,
    item.umur_hari
FROM mart.kartu_skor AS shown
JOIN mart.umur_tindak_lanjut AS item ON item.hitungan_id = shown.hitungan_id
WHERE
    (shown.kantor, shown.tahun, shown.triwulan)
    = (SELECT kantor, tahun, triwulan FROM pilihan)
    AND shown.iku = 'IKU.8' AND shown.dokumen = 'pk'
    AND coalesce([[{{per_tanggal}},]] DATE 'infinity')
    BETWEEN shown.tampil_mulai AND shown.tampil_akhir
    [[AND item.instansi IN ({{instansi}})]]
ORDER BY item.umur_hari DESC, item.nomor_rekomendasi
LIMIT 1000
