/*
title = "Tiga unsur terendah"
asks = "Unsur mana yang harus dibenahi dulu?"
display = "table"

[columns]
jenis = { title = "Jenis" }
peringkat = { title = "Ke" }
nama_unsur = { title = "Unsur" }
nilai = { title = "Nilai", decimals = 2 }
mutu = { title = "Mutu" }
*/
WITH pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
), hitungan AS (
    SELECT hitungan_id FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku IN ('IKU.3', 'IKU.4')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)

SELECT
    element.jenis,
    element.peringkat_terendah AS peringkat,
    element.nama_unsur,
    element.nilai,
    element.mutu
FROM hitungan
JOIN mart.survei_unsur AS element ON element.hitungan_id = hitungan.hitungan_id
WHERE element.peringkat_terendah <= 3
ORDER BY element.iku, element.peringkat_terendah
