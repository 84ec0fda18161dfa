-- mart.nilai_keseluruhan: the roll-up of an office with how far it can be trusted, every version.
-- Grain: one row per office, quarter, target document and span of days (see mart.kartu_skor).
-- Read by: Metabase "Ringkasan Pimpinan".
CREATE VIEW mart.nilai_keseluruhan AS
SELECT
    npss.kantor,
    npss.tahun,
    npss.triwulan,
    npss.periode,
    npss.dokumen,
    CASE npss.status WHEN 'measured' THEN 'terukur' WHEN 'provisional' THEN 'sementara' END
        AS keadaan,
    npss.npss,
    npss.npss_120,
    npss.batas_bawah,
    npss.cakupan,
    npss.iku_terhitung,
    npss.iku_seluruhnya,
    (npss.berlaku_dari AT TIME ZONE kantor.zona_waktu)::date AS tampil_mulai,
    coalesce((npss.berlaku_sampai AT TIME ZONE kantor.zona_waktu)::date - 1, 'infinity')
        AS tampil_akhir
FROM mart.npss AS npss
JOIN mart.kantor AS kantor ON kantor.kantor = npss.kantor;

COMMENT ON VIEW mart.nilai_keseluruhan IS 'Nilai keseluruhan: NPSS dengan cakupannya, per rentang hari tampil.';
COMMENT ON COLUMN mart.nilai_keseluruhan.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.nilai_keseluruhan.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.nilai_keseluruhan.triwulan IS 'Triwulan: 1 sampai 4.';
COMMENT ON COLUMN mart.nilai_keseluruhan.periode IS 'Periode: misalnya 2024-Q4.';
COMMENT ON COLUMN mart.nilai_keseluruhan.dokumen IS 'Versi target: dokumen target.';
COMMENT ON COLUMN mart.nilai_keseluruhan.keadaan IS 'Keadaan: terukur atau sementara.';
COMMENT ON COLUMN mart.nilai_keseluruhan.npss IS 'NPSS: nilai pencapaian sasaran strategis.';
COMMENT ON COLUMN mart.nilai_keseluruhan.npss_120 IS 'NPSS 120: dengan capaian tiap IKU paling tinggi 120.';
COMMENT ON COLUMN mart.nilai_keseluruhan.batas_bawah IS 'Paling rendah: bila yang terlambat lapor dihitung nol.';
COMMENT ON COLUMN mart.nilai_keseluruhan.cakupan IS 'Cakupan: bobot IKU yang punya capaian, persen.';
COMMENT ON COLUMN mart.nilai_keseluruhan.iku_terhitung IS 'IKU terhitung: yang punya capaian.';
COMMENT ON COLUMN mart.nilai_keseluruhan.iku_seluruhnya IS 'IKU seluruhnya: banyaknya IKU.';
COMMENT ON COLUMN mart.nilai_keseluruhan.tampil_mulai IS 'Tampil mulai: hari pertama yang ditutup dengan baris ini.';
COMMENT ON COLUMN mart.nilai_keseluruhan.tampil_akhir IS 'Tampil akhir: hari terakhir yang ditutup dengan baris ini.';
