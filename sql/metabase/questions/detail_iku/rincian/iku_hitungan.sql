/*
title = "Hitungan"
asks = "Dari apa angka ini dihitung?"
display = "table"
begins_with = ["pilihan", "tampil_iku"]

[columns]
yang_dihitung = { title = "Yang dihitung" }
pembilang = { title = "Memenuhi" }
penyebut = { title = "Seluruhnya" }
realisasi_hitung = { title = "Hasil hitungan", decimals = 2 }
dasar = { title = "Yang tampil" }
realisasi = { title = "Realisasi", decimals = 2 }
batas_atas = { title = "Paling tinggi", decimals = 2 }
catatan = { title = "Catatan", text_wrapping = true }
*/
SELECT
    coalesce(nullif(yang_dihitung, ''), 'nilai') AS yang_dihitung,
    pembilang,
    penyebut,
    realisasi_hitung,
    CASE dasar WHEN 'terbit' THEN 'angka terbit' ELSE 'hasil hitungan' END AS dasar,
    realisasi,
    batas_atas,
    nullif(sebab_sementara, '') AS catatan
FROM tampil
