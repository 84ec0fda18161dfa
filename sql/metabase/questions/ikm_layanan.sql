/*
title = "IKM layanan kepegawaian"
asks = "Berapa kepuasan atas layanan kepegawaian?"
display = "gauge"

[columns]
ikm = { title = "IKM", decimals = 2 }

[settings]
"gauge.segments" = [
    { min = 25, max = 65, color = "#EF8C8C", label = "D" },
    { min = 65, max = 76.61, color = "#F9CF48", label = "C" },
    { min = 76.61, max = 88.31, color = "#D4E2F4", label = "B" },
    { min = 88.31, max = 100, color = "#84BB4C", label = "A" },
]
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

SELECT survey.ikm
FROM hitungan
JOIN mart.survei_ringkas AS survey ON survey.hitungan_id = hitungan.hitungan_id
WHERE survey.iku = 'IKU.4'
