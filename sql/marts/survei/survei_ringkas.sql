-- mart.survei_ringkas: the survey of a kind in one line: index, quality and sample.
-- Grain: one row per computed value of IKU 3 or 4 that has a survey.
-- Read by: Metabase "Survei Kepuasan".
CREATE VIEW mart.survei_ringkas AS
SELECT
    value.value_id AS hitungan_id,
    value.office AS kantor,
    value.iku,
    CASE value.iku WHEN 'IKU.3' THEN 'Pembinaan' ELSE 'Layanan kepegawaian' END AS jenis,
    value.year AS tahun,
    value.quarter AS triwulan,
    (value.components ->> 'ikm')::numeric AS ikm,
    value.components ->> 'mutu' AS mutu,
    value.components ->> 'kinerja' AS kinerja,
    (value.components ->> 'responden')::integer AS responden,
    (value.components ->> 'sampel_minimum')::integer AS sampel_minimum,
    CASE
        WHEN (value.components ->> 'sampel_kurang')::boolean THEN 'kurang' ELSE 'cukup'
    END AS sampel,
    (value.components ->> 'populasi')::integer AS populasi,
    (value.components ->> 'n_ditolak')::integer AS ditolak,
    (value.components ->> 'n_ditolak_tanpa_layanan')::integer AS ditolak_tanpa_layanan
FROM iku.value AS value
WHERE
    value.basis = 'computed' AND value.iku IN ('IKU.3', 'IKU.4')
    AND value.components ? 'responden';

COMMENT ON VIEW mart.survei_ringkas IS 'Survei ringkas: IKM, mutu, dan kecukupan responden.';
COMMENT ON COLUMN mart.survei_ringkas.hitungan_id IS 'Hitungan: nomor hasil hitungan.';
COMMENT ON COLUMN mart.survei_ringkas.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.survei_ringkas.iku IS 'IKU: IKU.3 (pembinaan) atau IKU.4 (layanan kepegawaian).';
COMMENT ON COLUMN mart.survei_ringkas.jenis IS 'Jenis: pembinaan atau layanan kepegawaian.';
COMMENT ON COLUMN mart.survei_ringkas.tahun IS 'Tahun: tahun survei.';
COMMENT ON COLUMN mart.survei_ringkas.triwulan IS 'Triwulan: sejak awal tahun sampai triwulan ini.';
COMMENT ON COLUMN mart.survei_ringkas.ikm IS 'IKM: 25 sampai 100.';
COMMENT ON COLUMN mart.survei_ringkas.mutu IS 'Mutu: A sampai D.';
COMMENT ON COLUMN mart.survei_ringkas.kinerja IS 'Kinerja: sangat baik sampai tidak baik.';
COMMENT ON COLUMN mart.survei_ringkas.responden IS 'Responden: banyaknya yang menjawab.';
COMMENT ON COLUMN mart.survei_ringkas.sampel_minimum IS 'Sampel minimum: menurut tabel Krejcie dan Morgan.';
COMMENT ON COLUMN mart.survei_ringkas.sampel IS 'Sampel: cukup atau kurang.';
COMMENT ON COLUMN mart.survei_ringkas.populasi IS 'Populasi: layanan setahun; kosong bila belum diketahui.';
COMMENT ON COLUMN mart.survei_ringkas.ditolak IS 'Ditolak: jawaban yang tidak dapat dipakai.';
COMMENT ON COLUMN mart.survei_ringkas.ditolak_tanpa_layanan IS 'Ditolak tanpa layanan: jawaban yang layanannya tidak terbaca.';
