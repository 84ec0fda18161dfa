/*
title = "Daftar periksa layanan dan sistem"
asks = "Layanan atau sistem mana yang belum?"
display = "table"

[columns]
kode = { title = "Kode" }
butir = { title = "Layanan atau sistem" }
keadaan = { title = "Keadaan" }
keterangan = { title = "Keterangan" }
*/
WITH pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
), tampil AS (
    SELECT * FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku = coalesce([[{{iku}},]] 'IKU.1')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

SELECT
    item.kode,
    item.butir,
    CASE WHEN item.memenuhi THEN '✓ ' ELSE '✗ ' END || item.keadaan AS keadaan,
    item.keterangan
FROM tampil
JOIN mart.daftar_periksa AS item ON item.hitungan_id = tampil.hitungan_id
ORDER BY item.memenuhi, item.kode
