-- mart.karantina_terbuka: what was refused and still waits to be mended.
-- Grain: one row per load, place and rule, of loads that are the newest attempt of their slice.
-- Read by: Metabase "Sumber dan Mutu Data".
-- Warnings and emptied cells ask for nothing, so they are not open.
CREATE VIEW mart.karantina_terbuka AS
SELECT
    load.kantor,
    load.nama_sumber,
    load.periode,
    load.bagian,
    load.muatan,
    load.berkas,
    load.keadaan AS keadaan_berkas,
    refused.lembar,
    refused.baris,
    refused.kolom,
    refused.aturan,
    refused.akibat,
    refused.nilai,
    refused.pesan,
    refused.petunjuk,
    load.dimuat_pada,
    office.hari_ini - (load.dimuat_pada AT TIME ZONE office.zona_waktu)::date AS umur_hari,
    CASE
        WHEN office.hari_ini - (load.dimuat_pada AT TIME ZONE office.zona_waktu)::date <= 7
            THEN '1. sampai 7 hari'
        WHEN office.hari_ini - (load.dimuat_pada AT TIME ZONE office.zona_waktu)::date <= 30
            THEN '2. 8–30 hari'
        WHEN office.hari_ini - (load.dimuat_pada AT TIME ZONE office.zona_waktu)::date <= 90
            THEN '3. 31–90 hari'
        ELSE '4. lebih dari 90 hari'
    END AS golongan_umur
FROM mart.muatan AS load
JOIN mart.kantor AS office ON office.kantor = load.kantor
JOIN mart.baris_ditolak AS refused ON refused.muatan = load.muatan
WHERE
    load.percobaan_terakhir AND load.keadaan IN ('berlaku', 'ditolak')
    AND refused.akibat IN ('berkas ditolak', 'baris ditolak');

COMMENT ON VIEW mart.karantina_terbuka IS 'Karantina terbuka: yang ditolak dan masih menunggu dibetulkan.';
COMMENT ON COLUMN mart.karantina_terbuka.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.karantina_terbuka.nama_sumber IS 'Sumber: nama sumber data.';
COMMENT ON COLUMN mart.karantina_terbuka.periode IS 'Periode: periode yang dilaporkan.';
COMMENT ON COLUMN mart.karantina_terbuka.bagian IS 'Bagian: utama atau nama bagian.';
COMMENT ON COLUMN mart.karantina_terbuka.muatan IS 'Muatan: nomor muatan.';
COMMENT ON COLUMN mart.karantina_terbuka.berkas IS 'Berkas: nama berkas saat diterima.';
COMMENT ON COLUMN mart.karantina_terbuka.keadaan_berkas IS 'Keadaan berkas: berlaku atau ditolak.';
COMMENT ON COLUMN mart.karantina_terbuka.lembar IS 'Lembar: nama lembar kerja.';
COMMENT ON COLUMN mart.karantina_terbuka.baris IS 'Baris: nomor baris dalam berkas.';
COMMENT ON COLUMN mart.karantina_terbuka.kolom IS 'Kolom: judul kolom.';
COMMENT ON COLUMN mart.karantina_terbuka.aturan IS 'Aturan: aturan yang dilanggar.';
COMMENT ON COLUMN mart.karantina_terbuka.akibat IS 'Akibat: berkas ditolak atau baris ditolak.';
COMMENT ON COLUMN mart.karantina_terbuka.nilai IS 'Isi: isi sel, kosong bila kolomnya pribadi.';
COMMENT ON COLUMN mart.karantina_terbuka.pesan IS 'Sebab: mengapa ditolak.';
COMMENT ON COLUMN mart.karantina_terbuka.petunjuk IS 'Petunjuk: cara membetulkan.';
COMMENT ON COLUMN mart.karantina_terbuka.dimuat_pada IS 'Dimuat pada: saat berkas dicoba.';
COMMENT ON COLUMN mart.karantina_terbuka.umur_hari IS 'Umur: hari sejak berkas dicoba.';
COMMENT ON COLUMN mart.karantina_terbuka.golongan_umur IS 'Golongan umur: rentang umur.';
