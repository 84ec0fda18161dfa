/*
title = "IKM tiap layanan dalam gambar"
asks = "Seberapa jauh layanan yang satu dari yang lain?"
display = "row"
begins_with = ["pilihan", "hitungan_survei"]

[columns]
nama_layanan = { title = "Layanan" }
ikm = { title = "IKM", decimals = 2 }

[settings]
"graph.dimensions" = ["nama_layanan"]
"graph.metrics" = ["ikm"]
"graph.show_values" = true
*/
SELECT service.nama_layanan, service.ikm
-- As an array the values reach the table behind the mart's windows; joined, they do not.
FROM mart.survei_layanan AS service
WHERE service.hitungan_id = ANY(ARRAY(SELECT hitungan_id FROM hitungan))
    AND NOT service.ditutup
ORDER BY service.ikm DESC, service.nama_layanan
