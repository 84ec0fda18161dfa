/*
title = "Daftar tahun"
asks = "Tahun mana yang dapat dipilih?"
display = "table"

[columns]
tahun = { title = "Tahun" }
*/
SELECT DISTINCT tahun FROM mart.pilihan WHERE ada_angka ORDER BY tahun DESC
