-- mart.pengirim_sumber: which units must deliver a source, as they answer for what it feeds.
-- Grain: one row per office and source that feeds an indicator.
-- Read by: Metabase "Sumber dan Mutu Data".
CREATE VIEW mart.pengirim_sumber AS
SELECT
    answering.kantor,
    card.source AS sumber,
    string_agg(DISTINCT unit.name, ', ') AS pengirim,
    string_agg(DISTINCT card.iku, ', ') AS iku
FROM iku.card AS card
JOIN mart.penanggung_jawab AS answering ON answering.iku = card.iku
CROSS JOIN LATERAL string_to_table(answering.nama_unit, ', ') AS unit (name)
GROUP BY answering.kantor, card.source;

COMMENT ON VIEW mart.pengirim_sumber IS 'Pengirim sumber: unit yang harus menyerahkan data, menurut IKU yang dilayaninya.';
COMMENT ON COLUMN mart.pengirim_sumber.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.pengirim_sumber.sumber IS 'Kode sumber: kunci sumber data.';
COMMENT ON COLUMN mart.pengirim_sumber.pengirim IS 'Yang harus mengirim: nama unit kerja.';
COMMENT ON COLUMN mart.pengirim_sumber.iku IS 'IKU: indikator yang dihitung dari sumber ini.';
