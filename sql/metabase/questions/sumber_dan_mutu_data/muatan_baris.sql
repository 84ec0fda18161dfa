/*
title = "Baris masuk, diterima, dan ditolak"
asks = "Berapa baris tiap sumber yang dipakai, dan berapa yang ditolak?"
display = "table"

[columns]
nama_sumber = { title = "Sumber" }
berkas = { title = "Berkas" }
baris_masuk = { title = "Baris masuk" }
diterima = { title = "Diterima" }
ditolak = { title = "Ditolak" }
ganda = { title = "Ganda" }
luar_lingkup = { title = "Luar lingkup" }
berkas_ditolak = { title = "Berkas ditolak" }
*/
WITH pilihan AS (
    SELECT kantor, tahun FROM mart.pilihan
    WHERE true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
    ORDER BY urutan
    LIMIT 1
)

SELECT
    nama_sumber,
    count(*) FILTER (WHERE keadaan = 'berlaku') AS berkas,
    sum(baris_masuk) FILTER (WHERE keadaan = 'berlaku') AS baris_masuk,
    sum(diterima) FILTER (WHERE keadaan = 'berlaku') AS diterima,
    sum(ditolak) FILTER (WHERE keadaan = 'berlaku') AS ditolak,
    sum(ganda) FILTER (WHERE keadaan = 'berlaku') AS ganda,
    sum(luar_lingkup) FILTER (WHERE keadaan = 'berlaku') AS luar_lingkup,
    count(*) FILTER (WHERE keadaan = 'ditolak' AND percobaan_terakhir) AS berkas_ditolak
FROM mart.muatan
WHERE (kantor, tahun) = (SELECT kantor, tahun FROM pilihan)
GROUP BY nama_sumber
ORDER BY nama_sumber
