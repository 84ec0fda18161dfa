/*
title = "Nilai tiap perspektif (target PK)"
asks = "Perspektif mana yang kuat dan mana yang lemah?"
display = "bar"
begins_with = ["pilihan"]

[columns]
perspektif = { title = "Perspektif" }
nilai = { title = "Nilai (%)", decimals = 2 }

[settings]
"graph.dimensions" = ["perspektif"]
"graph.metrics" = ["nilai"]
"graph.show_values" = true
"graph.show_goal" = true
"graph.goal_value" = 100
"graph.goal_label" = "Target"
*/
SELECT nama AS perspektif, nilai
FROM mart.nilai_sasaran
WHERE
    (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
    AND jenis = 'perspektif'
    AND dokumen = 'pk'
    AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
ORDER BY urutan
