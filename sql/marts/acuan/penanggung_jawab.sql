-- mart.penanggung_jawab: which unit answers for an indicator, as in force today.
-- Grain: one row per office and IKU.
-- Read by: mart.kartu_skor, mart.pengirim_sumber, Metabase "Ringkasan Pimpinan".
CREATE VIEW mart.penanggung_jawab AS
WITH matrix AS (
    SELECT DISTINCT ON (every.office, every.unit, every.activity, every.iku) every.*
    FROM ref.unit_iku AS every
    WHERE every.valid_from <= current_date
    ORDER BY
        every.office, every.unit, every.activity, every.iku, every.valid_from DESC,
        every.recorded_at DESC, every.row_id DESC
), unit AS (
    SELECT DISTINCT ON (every.office, every.unit) every.*
    FROM ref.unit AS every
    WHERE every.valid_from <= current_date
    ORDER BY
        every.office, every.unit, every.valid_from DESC, every.recorded_at DESC, every.row_id DESC
), answering AS (
    SELECT DISTINCT matrix.office, matrix.iku, matrix.unit, unit.name
    FROM matrix
    JOIN unit ON unit.office = matrix.office AND unit.unit = matrix.unit
    WHERE
        coalesce(matrix.valid_to, 'infinity') >= current_date
        AND coalesce(unit.valid_to, 'infinity') >= current_date
)

SELECT
    answering.office AS kantor,
    answering.iku,
    string_agg(answering.unit, ', ' ORDER BY answering.unit) AS unit,
    string_agg(answering.name, ', ' ORDER BY answering.unit) AS nama_unit
FROM answering
GROUP BY answering.office, answering.iku;

COMMENT ON VIEW mart.penanggung_jawab IS 'Penanggung jawab: unit kerja yang menjawab atas satu IKU.';
COMMENT ON COLUMN mart.penanggung_jawab.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.penanggung_jawab.iku IS 'IKU: kode indikator.';
COMMENT ON COLUMN mart.penanggung_jawab.unit IS 'Unit: kode unit kerja.';
COMMENT ON COLUMN mart.penanggung_jawab.nama_unit IS 'Nama unit: nama unit kerja.';
