/*
title = "IKM, mutu, dan kecukupan responden"
asks = "Berapa IKM dan mutunya, dan cukupkah respondennya?"
display = "table"
begins_with = ["pilihan", "hitungan_survei"]
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
