/*
title = "Kedatangan sumber"
asks = "Sumber mana yang sudah lengkap, yang ditunggu, dan yang terlambat, dan siapa yang harus mengirim?"
display = "table"
begins_with = ["pilihan_kantor"]
status = ["keadaan"]

[columns]
judul = { title = "Sumber" }
keadaan = { title = "Keadaan" }
periode_ditunggu = { title = "Ditunggu" }
jatuh_tempo = { title = "Jatuh tempo" }
periode_terakhir = { title = "Terakhir diterima" }
diterima_pada = { title = "Diterima pada" }
pengirim = { title = "Yang harus mengirim", text_wrapping = true }
iku = { title = "Untuk IKU" }
*/
SELECT
    source.judul,
    source.keadaan,
    source.periode_ditunggu,
    source.jatuh_tempo,
    source.periode_terakhir,
    source.diterima_pada,
    sender.pengirim,
    sender.iku
FROM mart.kesegaran_sumber AS source
LEFT JOIN mart.pengirim_sumber AS sender
    ON sender.kantor = source.kantor AND sender.sumber = source.sumber
WHERE source.kantor = (SELECT kantor FROM pilihan)
ORDER BY
    array_position(ARRAY['terlambat', 'menunggu', 'lengkap'], source.keadaan), source.jatuh_tempo,
    source.judul
