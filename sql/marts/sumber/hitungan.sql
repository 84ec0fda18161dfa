-- mart.hitungan: the runs: who recorded which quarter, when, why, and what failed.
-- Grain: one row per run.
-- Read by: Metabase "Sumber dan Mutu Data".
CREATE VIEW mart.hitungan AS
SELECT
    run.office AS kantor,
    run.run_id AS hitungan,
    run.year AS tahun,
    run.quarter AS triwulan,
    run.year || '-Q' || run.quarter AS periode,
    run.recorded_at AS dicatat_pada,
    run.known_at AS diketahui_pada,
    run.who AS oleh,
    run.reason AS alasan,
    run.code_version AS versi_program,
    run.values_written AS nilai_baru,
    jsonb_array_length(run.failed) AS gagal,
    (
        SELECT string_agg((item ->> 'iku') || ': ' || (item ->> 'message'), '; ')
        FROM jsonb_array_elements(run.failed) AS item
    ) AS sebab_gagal
FROM ops.run AS run;

COMMENT ON VIEW mart.hitungan IS 'Hitungan: setiap kali triwulan dihitung dan dicatat.';
COMMENT ON COLUMN mart.hitungan.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.hitungan.hitungan IS 'Hitungan ke: nomor jalannya hitungan.';
COMMENT ON COLUMN mart.hitungan.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.hitungan.triwulan IS 'Triwulan: 1 sampai 4.';
COMMENT ON COLUMN mart.hitungan.periode IS 'Periode: triwulan yang dihitung.';
COMMENT ON COLUMN mart.hitungan.dicatat_pada IS 'Dicatat pada: saat hasil disimpan.';
COMMENT ON COLUMN mart.hitungan.diketahui_pada IS 'Diketahui pada: data yang dipakai adalah yang diketahui saat itu.';
COMMENT ON COLUMN mart.hitungan.oleh IS 'Oleh: siapa yang meminta.';
COMMENT ON COLUMN mart.hitungan.alasan IS 'Alasan: mengapa dihitung.';
COMMENT ON COLUMN mart.hitungan.versi_program IS 'Versi program: sidik program dan aturannya.';
COMMENT ON COLUMN mart.hitungan.nilai_baru IS 'Nilai baru: banyaknya nilai yang berubah.';
COMMENT ON COLUMN mart.hitungan.gagal IS 'Gagal: banyaknya IKU yang tidak dapat dihitung.';
COMMENT ON COLUMN mart.hitungan.sebab_gagal IS 'Sebab gagal: pesan tiap IKU yang gagal.';
