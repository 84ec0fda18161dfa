-- mart.rincian_iku: what a value is made of, item by item, in words of an officer.
-- Grain: one row per computed value and item.
-- Read by: Metabase "Detail IKU", tab Rincian.
-- Services and units of the survey are left out: those are shown by mart.survei_layanan, which
-- hides the small ones.
CREATE VIEW mart.rincian_iku AS
WITH label (iku, path, urutan, kelompok, butir, satuan, penuh) AS (
    VALUES
    ('IKU.1', '{huruf,A}'::text[], 1, 'Huruf NSPK', 'Huruf A', 'instansi', NULL::numeric),
    ('IKU.1', '{huruf,B}', 2, 'Huruf NSPK', 'Huruf B', 'instansi', NULL),
    ('IKU.1', '{huruf,C}', 3, 'Huruf NSPK', 'Huruf C', 'instansi', NULL),
    ('IKU.1', '{huruf,D}', 4, 'Huruf NSPK', 'Huruf D', 'instansi', NULL),
    ('IKU.1', '{huruf,E}', 5, 'Huruf NSPK', 'Huruf E', 'instansi', NULL),
    ('IKU.1', '{huruf,tidak_dinilai}', 6, 'Huruf NSPK', 'Tidak dinilai', 'instansi', NULL),
    ('IKU.1', '{huruf,belum}', 7, 'Huruf NSPK', 'Belum diketahui', 'instansi', NULL),
    ('IKU.2', '{belum_mengukur}', 2, 'Pengukuran IP ASN', 'Belum mengukur', 'instansi', NULL),
    ('IKU.2', '{tanpa_baris}', 3, 'Pengukuran IP ASN', 'Tidak ada dalam laporan', 'instansi', NULL),
    ('IKU.5', '{tahun_ini}', 1, 'Asal usulan', 'Diusulkan tahun ini', 'usulan', NULL),
    ('IKU.5', '{bawaan}', 2, 'Asal usulan', 'Terbawa dari tahun lalu', 'usulan', NULL),
    ('IKU.5', '{belum_diputus}', 3, 'Keadaan usulan', 'Belum diputus', 'usulan', NULL),
    ('IKU.5', '{ditolak}', 4, 'Keadaan usulan', 'Ditolak', 'usulan', NULL),
    ('IKU.6', '{webservice}', 1, 'Cara integrasi', 'Web service', 'instansi', NULL),
    ('IKU.6', '{simpegnas}', 2, 'Cara integrasi', 'SIMPEGNAS', 'instansi', NULL),
    ('IKU.6', '{belum_terintegrasi}', 3, 'Cara integrasi', 'Belum terintegrasi', 'instansi', NULL),
    ('IKU.6', '{tanpa_baris}', 4, 'Cara integrasi', 'Tidak ada dalam laporan', 'instansi', NULL),
    ('IKU.7', '{layanan_siasn}', 1, 'Layanan digital', 'Di dalam SIASN', 'layanan', NULL),
    ('IKU.7', '{layanan_lokal}', 2, 'Layanan digital', 'Melalui kanal sendiri', 'layanan', NULL),
    ('IKU.7', '{tanpa_baris}', 3, 'Layanan digital', 'Tidak ada dalam laporan', 'layanan', NULL),
    ('IKU.9', '{kualifikasi}', 1, 'Dimensi IP ASN', 'Kualifikasi', 'nilai', 25),
    ('IKU.9', '{kompetensi}', 2, 'Dimensi IP ASN', 'Kompetensi', 'nilai', 40),
    ('IKU.9', '{kinerja}', 3, 'Dimensi IP ASN', 'Kinerja', 'nilai', 30),
    ('IKU.9', '{disiplin}', 4, 'Dimensi IP ASN', 'Disiplin', 'nilai', 5),
    ('IKU.12', '{perencanaan}', 1, 'Komponen SAKIP', 'Perencanaan kinerja', 'nilai', 30),
    ('IKU.12', '{pengukuran}', 2, 'Komponen SAKIP', 'Pengukuran kinerja', 'nilai', 30),
    ('IKU.12', '{pelaporan}', 3, 'Komponen SAKIP', 'Pelaporan kinerja', 'nilai', 15),
    ('IKU.12', '{evaluasi}', 4, 'Komponen SAKIP', 'Evaluasi internal', 'nilai', 25)
), follow_up (key, urutan, butir) AS (
    VALUES
    ('sesuai', 1, 'Sesuai rekomendasi'),
    ('belum_sesuai', 2, 'Belum sesuai rekomendasi'),
    ('belum_ditindaklanjuti', 3, 'Belum ditindaklanjuti'),
    ('tidak_dapat_ditindaklanjuti', 4, 'Tidak dapat ditindaklanjuti')
), budget (key, urutan, butir) AS (
    VALUES
    ('dipa_revision', 1, 'Revisi DIPA'),
    ('page_three_deviation', 2, 'Deviasi Halaman III DIPA'),
    ('absorption', 3, 'Penyerapan Anggaran'),
    ('contract', 4, 'Belanja Kontraktual'),
    ('bill_settlement', 5, 'Penyelesaian Tagihan'),
    ('cash_supply', 6, 'Pengelolaan UP dan TUP'),
    ('dispensation', 7, 'Dispensasi SPM'),
    ('output', 8, 'Capaian Output')
)

SELECT
    value.value_id AS hitungan_id,
    value.iku,
    label.kelompok,
    label.urutan,
    label.butir,
    (value.components #>> label.path)::numeric AS nilai,
    label.satuan,
    label.penuh,
    NULL::text AS keterangan
FROM iku.value AS value
JOIN label ON label.iku = value.iku
WHERE value.components #>> label.path IS NOT NULL

UNION ALL

SELECT
    value.value_id, value.iku, 'Tindak lanjut', follow_up.urutan, follow_up.butir,
    (value.components ->> follow_up.key)::numeric, 'rekomendasi', NULL, NULL
FROM iku.value AS value
JOIN follow_up ON value.components ? follow_up.key
WHERE value.iku IN ('IKU.8', 'IKU.14')

UNION ALL

SELECT
    value.value_id, value.iku, 'Unsur pelayanan',
    right(item ->> 'unsur', 1)::integer, item ->> 'nama', (item ->> 'nilai')::numeric, 'nilai', 100,
    'mutu ' || coalesce(item ->> 'mutu', '-') || ', ' || (item ->> 'n') || ' jawaban'
FROM iku.value AS value
CROSS JOIN LATERAL jsonb_array_elements(value.components -> 'unsur') AS item
WHERE value.iku IN ('IKU.3', 'IKU.4')

UNION ALL

SELECT
    value.value_id, value.iku, 'Nilai per triwulan', (item ->> 'triwulan')::integer,
    'Triwulan ' || (ARRAY['I', 'II', 'III', 'IV'])[(item ->> 'triwulan')::integer],
    (item ->> 'nilai')::numeric, 'persen', 100,
    CASE
        WHEN (item ->> 'tanpa_baris')::integer > 0
            THEN (item ->> 'tanpa_baris') || ' sistem tidak ada dalam laporan'
    END
FROM iku.value AS value
CROSS JOIN LATERAL jsonb_array_elements(value.components -> 'triwulan') AS item
WHERE value.iku = 'IKU.10'

UNION ALL

SELECT
    value.value_id, value.iku, 'Indikator IKPA', budget.urutan, budget.butir,
    (value.tally #>> ARRAY['ikpa', '0', 'value_' || budget.key])::numeric, 'nilai', 100,
    'bobot ' || replace(value.tally #>> ARRAY['ikpa', '0', 'weight_' || budget.key], '.', ',')
    || ' %'
FROM iku.value AS value
JOIN budget ON value.tally #>> ARRAY['ikpa', '0', 'value_' || budget.key] IS NOT NULL
WHERE value.iku = 'IKU.13'

UNION ALL

SELECT
    value.value_id, value.iku, 'Per penerbit', item.position::integer,
    item.body ->> 'penerbit', (item.body ->> 'nilai')::numeric, 'persen', 100,
    (item.body ->> 'ditindaklanjuti') || ' dari ' || (item.body ->> 'rekomendasi') || ' rekomendasi'
FROM iku.value AS value
CROSS JOIN LATERAL jsonb_array_elements(
    value.components -> 'penerbit'
) WITH ORDINALITY AS item (body, position)
WHERE value.iku = 'IKU.14';

COMMENT ON VIEW mart.rincian_iku IS 'Rincian IKU: butir-butir yang membentuk satu nilai.';
COMMENT ON COLUMN mart.rincian_iku.hitungan_id IS 'Hitungan: nomor hasil hitungan.';
COMMENT ON COLUMN mart.rincian_iku.iku IS 'IKU: kode indikator.';
COMMENT ON COLUMN mart.rincian_iku.kelompok IS 'Kelompok: jenis butir.';
COMMENT ON COLUMN mart.rincian_iku.urutan IS 'Urutan: urutan tampil.';
COMMENT ON COLUMN mart.rincian_iku.butir IS 'Butir: nama butir.';
COMMENT ON COLUMN mart.rincian_iku.nilai IS 'Nilai: banyaknya atau nilainya.';
COMMENT ON COLUMN mart.rincian_iku.satuan IS 'Satuan: satuan nilai.';
COMMENT ON COLUMN mart.rincian_iku.penuh IS 'Nilai penuh: setinggi apa nilai itu dapat menjadi.';
COMMENT ON COLUMN mart.rincian_iku.keterangan IS 'Keterangan: bobot, mutu, atau catatan.';
