/*
title = "Daftar IKU"
asks = "IKU mana yang dapat dipilih?"
display = "table"

[columns]
iku = { title = "Kunci" }
nama = { title = "IKU" }
*/
SELECT iku, nomor || '. ' || nama_pendek AS nama FROM mart.peta_strategi ORDER BY nomor
