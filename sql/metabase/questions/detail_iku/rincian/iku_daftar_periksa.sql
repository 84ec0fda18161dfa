/*
title = "Daftar periksa layanan dan sistem"
asks = "Layanan atau sistem mana yang belum?"
display = "table"
begins_with = ["pilihan", "tampil_iku"]

[columns]
kode = { title = "Kode" }
butir = { title = "Layanan atau sistem" }
keadaan = { title = "Keadaan" }
keterangan = { title = "Keterangan" }
*/
SELECT
    item.kode,
    item.butir,
    CASE WHEN item.memenuhi THEN '✓ ' ELSE '✗ ' END || item.keadaan AS keadaan,
    item.keterangan
FROM tampil
JOIN mart.daftar_periksa AS item ON item.hitungan_id = tampil.hitungan_id
ORDER BY item.memenuhi, item.kode
