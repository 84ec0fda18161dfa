/*
title = "IKM layanan kepegawaian"
asks = "Berapa kepuasan atas layanan kepegawaian?"
display = "gauge"
begins_with = ["pilihan", "hitungan_survei"]

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
SELECT survey.ikm
FROM hitungan
JOIN mart.survei_ringkas AS survey ON survey.hitungan_id = hitungan.hitungan_id
WHERE survey.iku = 'IKU.4'
