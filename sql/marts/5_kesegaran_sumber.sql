-- mart.kesegaran_sumber: what arrived last of every source, what is due and what is overdue.
-- Grain: one row per office and source that is ever due.
-- Read by: `iku doctor`, Metabase "Sumber dan Mutu Data".
CREATE VIEW mart.kesegaran_sumber AS
WITH office AS (
    SELECT office, name, (ops.instant() AT TIME ZONE time_zone)::date AS today
    FROM ref.office_at(ops.instant()::date, ops.instant())
), expected AS (
    -- The newest period of each source that has ended.
    SELECT
        office.office,
        office.name,
        office.today,
        source.*,
        CASE source.cadence
            WHEN 'monthly' THEN date_trunc('month', office.today)::date - 1
            WHEN 'quarterly' THEN date_trunc('quarter', office.today)::date - 1
            ELSE date_trunc('year', office.today)::date - 1
        END AS period_end
    FROM office
    CROSS JOIN ops.source AS source
    WHERE source.due_days IS NOT NULL
)

SELECT
    expected.office AS kantor,
    expected.name AS nama_kantor,
    expected.source AS sumber,
    expected.title AS judul,
    expected.cadence AS irama,
    newest.period AS periode_terakhir,
    newest.file_name AS berkas_terakhir,
    newest.landed_at AS diterima_pada,
    newest.accepted AS baris_diterima,
    attempt.status AS percobaan_terakhir,
    attempt.landed_at AS dicoba_pada,
    CASE expected.cadence
        WHEN 'monthly' THEN to_char(expected.period_end, 'YYYY-MM')
        WHEN 'quarterly' THEN to_char(expected.period_end, 'YYYY-"Q"Q')
        ELSE to_char(expected.period_end, 'YYYY')
    END AS periode_ditunggu,
    expected.period_end + expected.due_days AS jatuh_tempo,
    CASE
        WHEN newest.period_end >= expected.period_end THEN 'lengkap'
        WHEN expected.today > expected.period_end + expected.due_days THEN 'terlambat'
        ELSE 'menunggu'
    END AS keadaan
FROM expected
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
) AS attempt ON true;

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
