-- mart.jejak_muatan: the files that a value was counted from, with the run that recorded it.
-- Grain: one row per value and load that it read; one row without a load where it read none.
-- Read by: Metabase "Detail IKU", tab Jejak.
CREATE VIEW mart.jejak_muatan AS
SELECT
    value.value_id AS nilai_id,
    value.office AS kantor,
    value.iku,
    value.year AS tahun,
    value.quarter AS triwulan,
    load.load_id AS muatan,
    source.title AS nama_sumber,
    load.period AS periode,
    load.part AS bagian,
    load.file_name AS berkas,
    load.sha256,
    load.accepted AS diterima,
    load.rejected AS ditolak,
    load.landed_by AS dimuat_oleh,
    load.landed_at AS dimuat_pada,
    run.run_id AS hitung,
    run.who AS dihitung_oleh,
    run.reason AS alasan_hitung,
    run.code_version AS versi_program,
    value.known_at AS diketahui_pada,
    value.recorded_at AS dicatat_pada
FROM iku.value AS value
JOIN ops.run AS run ON run.run_id = value.run_id
LEFT JOIN ops.load AS load ON load.load_id = ANY(value.loads)
LEFT JOIN ops.source AS source ON source.source = load.source;

COMMENT ON VIEW mart.jejak_muatan IS 'Jejak: berkas asal dan hitungan di balik satu nilai.';
COMMENT ON COLUMN mart.jejak_muatan.nilai_id IS 'Nilai: nomor nilai.';
COMMENT ON COLUMN mart.jejak_muatan.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.jejak_muatan.iku IS 'IKU: kode indikator.';
COMMENT ON COLUMN mart.jejak_muatan.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.jejak_muatan.triwulan IS 'Triwulan: 1 sampai 4.';
COMMENT ON COLUMN mart.jejak_muatan.muatan IS 'Muatan: nomor muatan.';
COMMENT ON COLUMN mart.jejak_muatan.nama_sumber IS 'Sumber: nama sumber data.';
COMMENT ON COLUMN mart.jejak_muatan.periode IS 'Periode: periode berkas.';
COMMENT ON COLUMN mart.jejak_muatan.bagian IS 'Bagian: utama atau nama bagian.';
COMMENT ON COLUMN mart.jejak_muatan.berkas IS 'Berkas: nama berkas saat diterima.';
COMMENT ON COLUMN mart.jejak_muatan.sha256 IS 'SHA-256: sidik berkas.';
COMMENT ON COLUMN mart.jejak_muatan.diterima IS 'Diterima: baris yang dipakai.';
COMMENT ON COLUMN mart.jejak_muatan.ditolak IS 'Ditolak: baris yang tidak dipakai.';
COMMENT ON COLUMN mart.jejak_muatan.dimuat_oleh IS 'Dimuat oleh: siapa yang memuat.';
COMMENT ON COLUMN mart.jejak_muatan.dimuat_pada IS 'Dimuat pada: saat berkas dimuat.';
COMMENT ON COLUMN mart.jejak_muatan.hitung IS 'Hitungan ke: nomor jalannya hitungan.';
COMMENT ON COLUMN mart.jejak_muatan.dihitung_oleh IS 'Dihitung oleh: siapa yang meminta.';
COMMENT ON COLUMN mart.jejak_muatan.alasan_hitung IS 'Alasan: mengapa dihitung.';
COMMENT ON COLUMN mart.jejak_muatan.versi_program IS 'Versi program: sidik program dan aturannya.';
COMMENT ON COLUMN mart.jejak_muatan.diketahui_pada IS 'Diketahui pada: data yang dipakai adalah yang diketahui saat itu.';
COMMENT ON COLUMN mart.jejak_muatan.dicatat_pada IS 'Dicatat pada: saat nilai disimpan.';
