/*
title = "IKM tiap layanan"
asks = "Layanan mana yang paling kurang memuaskan?"
display = "table"
begins_with = ["pilihan", "hitungan_survei"]

[columns]
jenis = { title = "Jenis" }
nama_layanan = { title = "Layanan" }
unit = { title = "Unit" }
responden = { title = "Responden" }
ikm = { title = "IKM", decimals = 2, show_mini_bar = true }
mutu = { title = "Mutu" }
catatan = { title = "Catatan" }
*/
SELECT
    CASE service.iku WHEN 'IKU.3' THEN 'Pembinaan' ELSE 'Layanan kepegawaian' END AS jenis,
    service.nama_layanan,
    service.unit,
    service.responden,
    service.ikm,
    service.mutu,
    CASE WHEN service.ditutup THEN 'ditutup: responden sedikit' END AS catatan
-- As an array the values reach the table behind the mart's windows; joined, they do not.
FROM mart.survei_layanan AS service
WHERE service.hitungan_id = ANY(ARRAY(SELECT hitungan_id FROM hitungan))
ORDER BY service.iku, service.ikm, service.nama_layanan
