/*
title = "Indeks NSPK tiap instansi"
asks = "Instansi mana yang paling tinggi dan paling rendah indeks NSPK-nya?"
display = "row"
begins_with = ["pilihan", "keadaan_instansi"]

[columns]
nama_instansi = { title = "Instansi" }
nilai = { title = "Indeks NSPK", decimals = 2 }

[settings]
"graph.dimensions" = ["nama_instansi"]
"graph.metrics" = ["nilai"]
"graph.show_values" = true
*/
SELECT nama_instansi, nilai
FROM keadaan
WHERE iku = 'IKU.1' AND nilai IS NOT NULL
ORDER BY nilai DESC, nama_instansi
