-- mart.kesegaran_sumber: what arrived last of every source, what is due and what is overdue.
-- Grain: one row per office and source that is ever due.
-- Read by: `iku doctor`, Metabase "Sumber dan Mutu Data".
CREATE VIEW mart.kesegaran_sumber AS
WITH office AS (
    SELECT office, name
    FROM ref.office_at(ops.instant()::date, ops.instant())
), ledger AS (
    SELECT office.office, office.name, due.*
    FROM office
    CROSS JOIN LATERAL ops.due(office.office, ops.instant()) AS due
    WHERE due.due_day IS NOT NULL
), missed AS (
    -- Older periods that may still be delivered.
    SELECT
        ledger.office,
        ledger.source,
        string_agg(ledger.period, ', ' ORDER BY ledger.period_end) AS periods
    FROM ledger
    WHERE ledger.state = 'overdue' AND ledger.periods_ago > 1 AND ledger.is_open
    GROUP BY ledger.office, ledger.source
)

SELECT
    expected.office AS kantor,
    expected.name AS nama_kantor,
    expected.source AS sumber,
    source.title AS judul,
    expected.cadence AS irama,
    newest.period AS periode_terakhir,
    newest.file_name AS berkas_terakhir,
    newest.landed_at AS diterima_pada,
    newest.accepted AS baris_diterima,
    attempt.status AS percobaan_terakhir,
    attempt.landed_at AS dicoba_pada,
    expected.period AS periode_ditunggu,
    expected.due_day AS jatuh_tempo,
    CASE expected.state
        WHEN 'arrived' THEN 'lengkap'
        WHEN 'overdue' THEN 'terlambat'
        ELSE 'menunggu'
    END AS keadaan,
    coalesce(missed.periods, '') AS periode_terlewat
FROM ledger AS expected
JOIN ops.source AS source ON source.source = expected.source
LEFT JOIN missed ON missed.office = expected.office AND missed.source = expected.source
LEFT JOIN LATERAL (
    SELECT load.* FROM ops.in_force(expected.office, ops.instant()) AS load
    WHERE load.source = expected.source
    ORDER BY load.period_end DESC, load.load_id DESC
    LIMIT 1
) AS newest ON true
LEFT JOIN LATERAL (
    SELECT load.status, load.landed_at FROM ops.load AS load
    WHERE load.office = expected.office AND load.source = expected.source
    ORDER BY load.load_id DESC
    LIMIT 1
) AS attempt ON true
WHERE expected.periods_ago = 1;

COMMENT ON VIEW mart.kesegaran_sumber IS 'Kesegaran sumber: apa yang diterima terakhir, jatuh tempo, dan terlambat.';
COMMENT ON COLUMN mart.kesegaran_sumber.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.kesegaran_sumber.nama_kantor IS 'Nama kantor: nama lengkap.';
COMMENT ON COLUMN mart.kesegaran_sumber.sumber IS 'Kode sumber: kunci sumber data.';
COMMENT ON COLUMN mart.kesegaran_sumber.judul IS 'Sumber: nama sumber data.';
COMMENT ON COLUMN mart.kesegaran_sumber.irama IS 'Irama: bulanan, triwulanan, atau tahunan.';
COMMENT ON COLUMN mart.kesegaran_sumber.periode_terakhir IS 'Periode terakhir: yang terbaru diterima.';
COMMENT ON COLUMN mart.kesegaran_sumber.berkas_terakhir IS 'Berkas terakhir: nama berkas terbaru.';
COMMENT ON COLUMN mart.kesegaran_sumber.diterima_pada IS 'Diterima pada: saat berkas terbaru dimuat.';
COMMENT ON COLUMN mart.kesegaran_sumber.baris_diterima IS 'Baris diterima: baris yang dipakai dari berkas terbaru.';
COMMENT ON COLUMN mart.kesegaran_sumber.percobaan_terakhir IS 'Percobaan terakhir: landed atau refused.';
COMMENT ON COLUMN mart.kesegaran_sumber.dicoba_pada IS 'Dicoba pada: saat percobaan terakhir.';
COMMENT ON COLUMN mart.kesegaran_sumber.periode_ditunggu IS 'Periode ditunggu: yang sudah berakhir dan harus ada.';
COMMENT ON COLUMN mart.kesegaran_sumber.jatuh_tempo IS 'Jatuh tempo: hari terakhir menyerahkan.';
COMMENT ON COLUMN mart.kesegaran_sumber.keadaan IS 'Keadaan: lengkap, menunggu, atau terlambat.';
COMMENT ON COLUMN mart.kesegaran_sumber.periode_terlewat IS 'Periode terlewat: periode lebih lama, tahun ini dan tahun lalu, yang lewat jatuh tempo.';
