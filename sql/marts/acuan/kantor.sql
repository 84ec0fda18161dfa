-- mart.kantor: the offices in force today, with the day it is there.
-- Grain: one row per office.
-- Read by: the views after it, Metabase filter "Kantor".
CREATE VIEW mart.kantor AS
SELECT
    office.office AS kantor,
    office.name AS nama_kantor,
    office.short_name AS nama_pendek,
    office.time_zone AS zona_waktu,
    office.satker_code AS kode_satker,
    clock.at AS saat_ini,
    (clock.at AT TIME ZONE office.time_zone)::date AS hari_ini
FROM (SELECT ops.instant() AS at) AS clock
CROSS JOIN LATERAL ref.office_at(clock.at::date, clock.at) AS office;

COMMENT ON VIEW mart.kantor IS 'Kantor: kantor regional yang berlaku hari ini.';
COMMENT ON COLUMN mart.kantor.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.kantor.nama_kantor IS 'Nama kantor: nama lengkap.';
COMMENT ON COLUMN mart.kantor.nama_pendek IS 'Nama pendek: untuk judul dan tabel.';
COMMENT ON COLUMN mart.kantor.zona_waktu IS 'Zona waktu: hari dihitung menurut zona ini.';
COMMENT ON COLUMN mart.kantor.kode_satker IS 'Kode satker: kode satuan kerja di OM-SPAN.';
COMMENT ON COLUMN mart.kantor.saat_ini IS 'Saat ini: jam gudang.';
COMMENT ON COLUMN mart.kantor.hari_ini IS 'Hari ini: tanggal menurut zona kantor.';
