-- mart.pilihan: the quarters that can be shown, the one to show first on top.
-- Grain: one row per office and quarter that has values.
-- Read by: every card, which takes the first row that its filters leave; the filters' lists.
-- First comes the first office's newest quarter that has a number.
CREATE VIEW mart.pilihan AS
SELECT
    kantor.kantor,
    kantor.nama_kantor,
    kantor.nama_pendek,
    kantor.zona_waktu,
    valued.year AS tahun,
    valued.quarter AS triwulan,
    'Triwulan ' || (ARRAY['I', 'II', 'III', 'IV'])[valued.quarter] || ' ' || valued.year
        AS nama_periode,
    valued.has_number AS ada_angka,
    row_number() OVER (
        ORDER BY valued.has_number DESC, kantor.kantor, valued.year DESC, valued.quarter DESC
    ) AS urutan
FROM mart.kantor AS kantor
JOIN (
    SELECT value.office, value.year, value.quarter, bool_or(value.actual IS NOT NULL) AS has_number
    FROM iku.value AS value
    GROUP BY value.office, value.year, value.quarter
) AS valued ON valued.office = kantor.kantor;

COMMENT ON VIEW mart.pilihan IS 'Pilihan: triwulan yang dapat ditampilkan, yang pertama ditampilkan paling atas.';
COMMENT ON COLUMN mart.pilihan.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.pilihan.nama_kantor IS 'Nama kantor: nama lengkap.';
COMMENT ON COLUMN mart.pilihan.nama_pendek IS 'Nama pendek: untuk judul dan tabel.';
COMMENT ON COLUMN mart.pilihan.zona_waktu IS 'Zona waktu: hari dihitung menurut zona ini.';
COMMENT ON COLUMN mart.pilihan.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.pilihan.triwulan IS 'Triwulan: 1 sampai 4.';
COMMENT ON COLUMN mart.pilihan.nama_periode IS 'Periode: triwulan dengan nama.';
COMMENT ON COLUMN mart.pilihan.ada_angka IS 'Ada angka: sedikitnya satu IKU punya realisasi.';
COMMENT ON COLUMN mart.pilihan.urutan IS 'Urutan: 1 ditampilkan bila tidak ada saringan.';
