-- mart.nilai_sasaran: the value of each perspective and of each strategic objective, every version.
-- Grain: one row per office, quarter, target document, span of days, and perspective or objective.
-- Read by: Metabase "Peta Strategi".
CREATE VIEW mart.nilai_sasaran AS
SELECT
    npss.kantor,
    npss.tahun,
    npss.triwulan,
    npss.dokumen,
    part.jenis,
    part.kode,
    part.nama,
    part.urutan,
    part.nilai,
    part.iku_terhitung,
    part.iku_seluruhnya,
    (npss.berlaku_dari AT TIME ZONE kantor.zona_waktu)::date AS tampil_mulai,
    coalesce((npss.berlaku_sampai AT TIME ZONE kantor.zona_waktu)::date - 1, 'infinity')
        AS tampil_akhir
FROM mart.npss AS npss
JOIN mart.kantor AS kantor ON kantor.kantor = npss.kantor
CROSS JOIN LATERAL (
    SELECT
        'perspektif' AS jenis,
        item ->> 'perspective' AS kode,
        named.name AS nama,
        named.position AS urutan,
        (item ->> 'value')::numeric AS nilai,
        (item ->> 'indicators_counted')::integer AS iku_terhitung,
        (item ->> 'indicators')::integer AS iku_seluruhnya
    FROM jsonb_array_elements(npss.perspektif) AS item
    LEFT JOIN (
        SELECT DISTINCT kode_perspektif, perspektif AS name, urutan_perspektif AS position
        FROM mart.peta_strategi
    ) AS named ON named.kode_perspektif = item ->> 'perspective'
    UNION ALL
    SELECT
        'sasaran',
        item ->> 'objective',
        named.name,
        row_number() OVER (ORDER BY item ->> 'objective'),
        (item ->> 'nss')::numeric,
        (item ->> 'indicators_counted')::integer,
        (item ->> 'indicators')::integer
    FROM jsonb_array_elements(npss.sasaran) AS item
    LEFT JOIN (
        SELECT DISTINCT kode_sasaran, sasaran_strategis AS name FROM mart.peta_strategi
    ) AS named ON named.kode_sasaran = item ->> 'objective'
) AS part;

COMMENT ON VIEW mart.nilai_sasaran IS 'Nilai sasaran: nilai tiap perspektif dan tiap sasaran strategis.';
COMMENT ON COLUMN mart.nilai_sasaran.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.nilai_sasaran.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.nilai_sasaran.triwulan IS 'Triwulan: 1 sampai 4.';
COMMENT ON COLUMN mart.nilai_sasaran.dokumen IS 'Versi target: dokumen target.';
COMMENT ON COLUMN mart.nilai_sasaran.jenis IS 'Jenis: perspektif atau sasaran.';
COMMENT ON COLUMN mart.nilai_sasaran.kode IS 'Kode: kunci perspektif atau sasaran.';
COMMENT ON COLUMN mart.nilai_sasaran.nama IS 'Nama: bunyi perspektif atau sasaran.';
COMMENT ON COLUMN mart.nilai_sasaran.urutan IS 'Urutan: urutan tampil.';
COMMENT ON COLUMN mart.nilai_sasaran.nilai IS 'Nilai: rata-rata capaian, persen; kosong bila tidak ada.';
COMMENT ON COLUMN mart.nilai_sasaran.iku_terhitung IS 'IKU terhitung: yang punya capaian.';
COMMENT ON COLUMN mart.nilai_sasaran.iku_seluruhnya IS 'IKU seluruhnya: banyaknya IKU.';
COMMENT ON COLUMN mart.nilai_sasaran.tampil_mulai IS 'Tampil mulai: hari pertama yang ditutup dengan baris ini.';
COMMENT ON COLUMN mart.nilai_sasaran.tampil_akhir IS 'Tampil akhir: hari terakhir yang ditutup dengan baris ini.';
