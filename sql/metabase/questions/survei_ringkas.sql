/*
title = "IKM, mutu, dan kecukupan responden"
asks = "Berapa IKM dan mutunya, dan cukupkah respondennya?"
display = "table"
status = ["sampel"]

[columns]
jenis = { title = "Jenis" }
ikm = { title = "IKM", decimals = 2 }
mutu = { title = "Mutu" }
kinerja = { title = "Kinerja" }
responden = { title = "Responden" }
sampel_minimum = { title = "Sampel minimum" }
sampel = { title = "Sampel" }
ditolak = { title = "Jawaban ditolak" }
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
    survey.jenis,
    survey.ikm,
    survey.mutu,
    survey.kinerja,
    survey.responden,
    survey.sampel_minimum,
    survey.sampel,
    survey.ditolak
FROM hitungan
JOIN mart.survei_ringkas AS survey ON survey.hitungan_id = hitungan.hitungan_id
ORDER BY survey.iku
