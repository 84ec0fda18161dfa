-- severity: warn
-- title: angka terbit berbeda dari hitungan
-- A figure printed in an official document differs from the one computed from the sources.
SELECT
    kantor,
    iku,
    periode,
    realisasi AS terbit,
    realisasi_hitung AS hitung
FROM mart.capaian_iku
WHERE dokumen = 'pk' AND dasar = 'terbit' AND realisasi <> realisasi_hitung
