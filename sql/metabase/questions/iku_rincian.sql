/*
title = "Rincian"
asks = "Apa saja yang membentuk angka ini?"
display = "table"

[columns]
kelompok = { title = "Kelompok" }
butir = { title = "Butir" }
nilai = { title = "Nilai", show_mini_bar = true }
satuan = { title = "Satuan" }
penuh = { title = "Nilai penuh" }
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

SELECT item.kelompok, item.butir, item.nilai, item.satuan, item.penuh, item.keterangan
FROM tampil
JOIN mart.rincian_iku AS item ON item.hitungan_id = tampil.hitungan_id
ORDER BY item.kelompok DESC, item.urutan
