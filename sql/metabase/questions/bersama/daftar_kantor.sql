/*
title = "Daftar kantor"
asks = "Kantor mana yang dapat dipilih?"
display = "table"

[columns]
kantor = { title = "Kunci" }
nama_pendek = { title = "Kantor" }
*/
SELECT kantor, nama_pendek FROM mart.kantor ORDER BY kantor
