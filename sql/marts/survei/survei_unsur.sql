-- mart.survei_unsur: the nine elements of the survey.
-- Grain: one row per computed value of IKU 3 or 4 and element.
-- Read by: Metabase "Survei Kepuasan".
CREATE VIEW mart.survei_unsur AS
SELECT
    value.value_id AS hitungan_id,
    value.office AS kantor,
    value.iku,
    CASE value.iku WHEN 'IKU.3' THEN 'Pembinaan' ELSE 'Layanan kepegawaian' END AS jenis,
    value.year AS tahun,
    value.quarter AS triwulan,
    item ->> 'unsur' AS unsur,
    item ->> 'nama' AS nama_unsur,
    (item ->> 'nilai')::numeric AS nilai,
    item ->> 'mutu' AS mutu,
    (item ->> 'n')::integer AS jawaban,
    rank() OVER (
        PARTITION BY value.value_id ORDER BY (item ->> 'nilai')::numeric, item ->> 'unsur'
    ) AS peringkat_terendah
FROM iku.value AS value
CROSS JOIN LATERAL jsonb_array_elements(value.components -> 'unsur') AS item
WHERE value.basis = 'computed' AND value.iku IN ('IKU.3', 'IKU.4');

COMMENT ON VIEW mart.survei_unsur IS 'Survei per unsur: nilai sembilan unsur pelayanan.';
COMMENT ON COLUMN mart.survei_unsur.hitungan_id IS 'Hitungan: nomor hasil hitungan.';
COMMENT ON COLUMN mart.survei_unsur.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.survei_unsur.iku IS 'IKU: IKU.3 (pembinaan) atau IKU.4 (layanan kepegawaian).';
COMMENT ON COLUMN mart.survei_unsur.jenis IS 'Jenis: pembinaan atau layanan kepegawaian.';
COMMENT ON COLUMN mart.survei_unsur.tahun IS 'Tahun: tahun survei.';
COMMENT ON COLUMN mart.survei_unsur.triwulan IS 'Triwulan: sejak awal tahun sampai triwulan ini.';
COMMENT ON COLUMN mart.survei_unsur.unsur IS 'Kode unsur: U1 sampai U9.';
COMMENT ON COLUMN mart.survei_unsur.nama_unsur IS 'Unsur: nama unsur.';
COMMENT ON COLUMN mart.survei_unsur.nilai IS 'Nilai: 25 sampai 100.';
COMMENT ON COLUMN mart.survei_unsur.mutu IS 'Mutu: A sampai D.';
COMMENT ON COLUMN mart.survei_unsur.jawaban IS 'Jawaban: banyaknya jawaban.';
COMMENT ON COLUMN mart.survei_unsur.peringkat_terendah IS 'Peringkat terendah: 1 untuk nilai paling rendah.';
