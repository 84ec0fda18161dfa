-- mart.karantina: how much is open in the quarantine, by source, rule and age.
-- Grain: one row per office, source, rule, consequence and class of age.
-- Read by: Metabase, in questions of one's own.
CREATE VIEW mart.karantina AS
SELECT
    kantor,
    sumber,
    aturan,
    akibat,
    golongan_umur,
    count(*) AS jumlah,
    count(DISTINCT muatan) AS berkas,
    max(umur_hari) AS umur_hari_terlama
FROM mart.karantina_terbuka
GROUP BY kantor, sumber, aturan, akibat, golongan_umur;

COMMENT ON VIEW mart.karantina IS 'Karantina: berapa butir yang terbuka, menurut sumber, aturan dan umur.';
COMMENT ON COLUMN mart.karantina.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.karantina.sumber IS 'Kode sumber: kunci sumber data.';
COMMENT ON COLUMN mart.karantina.aturan IS 'Aturan: aturan yang dilanggar.';
COMMENT ON COLUMN mart.karantina.akibat IS 'Akibat: berkas ditolak, baris ditolak, atau sel dikosongkan.';
COMMENT ON COLUMN mart.karantina.golongan_umur IS 'Golongan umur: rentang umur.';
COMMENT ON COLUMN mart.karantina.jumlah IS 'Jumlah: butir yang terbuka.';
COMMENT ON COLUMN mart.karantina.berkas IS 'Berkas: muatan yang memuatnya.';
COMMENT ON COLUMN mart.karantina.umur_hari_terlama IS 'Umur terlama: hari.';
