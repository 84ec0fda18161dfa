-- mart.baris_ditolak: every cell, row or file that was refused or noted, with the reason.
-- Grain: one row per load, place and rule. Values of personal columns were never stored.
-- Read by: `iku quarantine`, Metabase "Sumber dan Mutu Data".
CREATE VIEW mart.baris_ditolak AS
SELECT
    load.office AS kantor,
    load.source AS sumber,
    load.period AS periode,
    load.part AS bagian,
    load.load_id AS muatan,
    load.file_name AS berkas,
    load.status AS status_muatan,
    load.landed_at AS diterima_pada,
    reject.sheet AS lembar,
    reject.row_no AS baris,
    reject.heading AS kolom,
    reject.rule AS aturan,
    CASE reject.consequence
        WHEN 'file' THEN 'berkas ditolak'
        WHEN 'row' THEN 'baris ditolak'
        WHEN 'cell' THEN 'sel dikosongkan'
        ELSE 'catatan'
    END AS akibat,
    reject.grouping AS kelompok,
    reject.value AS nilai,
    reject.message AS pesan,
    reject.hint AS petunjuk
FROM ops.reject AS reject
JOIN ops.load AS load ON load.load_id = reject.load_id;
