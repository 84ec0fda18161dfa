/*
title = "Daftar instansi"
asks = "Instansi mana yang dapat dipilih?"
display = "table"

[columns]
instansi = { title = "Kunci" }
nama_instansi = { title = "Instansi" }
*/
SELECT instansi, max(nama_instansi) AS nama_instansi
FROM mart.instansi_iku
WHERE tahun = (SELECT max(tahun) FROM mart.pilihan WHERE ada_angka)
GROUP BY instansi
ORDER BY max(nama_instansi)
