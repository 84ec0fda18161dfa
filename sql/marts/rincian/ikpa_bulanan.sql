-- mart.ikpa_bulanan: the office's IKPA, each indicator with its weight, month by month.
-- Grain: one row per office, month and indicator; the final score is an indicator without weight.
-- Read by: Metabase "Detail IKU", tab Rincian.
CREATE VIEW mart.ikpa_bulanan AS
SELECT
    load.kantor,
    load.tahun,
    extract(MONTH FROM load.akhir_periode)::integer AS bulan,
    load.periode,
    shown.urutan,
    shown.indikator,
    shown.nilai,
    shown.bobot
FROM mart.muatan_berlaku AS load
JOIN staging.ikpa AS staged ON staged.load_id = load.muatan
JOIN mart.kantor AS office ON office.kantor = load.kantor AND office.kode_satker = staged.satker
CROSS JOIN LATERAL (
    VALUES
    (0, 'Nilai akhir', staged.final_score, NULL),
    (1, 'Revisi DIPA', staged.value_dipa_revision, staged.weight_dipa_revision),
    (
        2, 'Deviasi Halaman III DIPA', staged.value_page_three_deviation,
        staged.weight_page_three_deviation
    ),
    (3, 'Penyerapan Anggaran', staged.value_absorption, staged.weight_absorption),
    (4, 'Belanja Kontraktual', staged.value_contract, staged.weight_contract),
    (5, 'Penyelesaian Tagihan', staged.value_bill_settlement, staged.weight_bill_settlement),
    (6, 'Pengelolaan UP dan TUP', staged.value_cash_supply, staged.weight_cash_supply),
    (7, 'Dispensasi SPM', staged.value_dispensation, staged.weight_dispensation),
    (8, 'Capaian Output', staged.value_output, staged.weight_output)
) AS shown (urutan, indikator, nilai, bobot)
WHERE load.sumber = 'ikpa' AND shown.nilai IS NOT NULL;

COMMENT ON VIEW mart.ikpa_bulanan IS 'IKPA bulanan: nilai dan bobot tiap indikator IKPA per bulan.';
COMMENT ON COLUMN mart.ikpa_bulanan.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.ikpa_bulanan.tahun IS 'Tahun: tahun anggaran.';
COMMENT ON COLUMN mart.ikpa_bulanan.bulan IS 'Bulan: 1 sampai 12.';
COMMENT ON COLUMN mart.ikpa_bulanan.periode IS 'Periode: bulan laporan.';
COMMENT ON COLUMN mart.ikpa_bulanan.urutan IS 'Urutan: urutan indikator; 0 nilai akhir.';
COMMENT ON COLUMN mart.ikpa_bulanan.indikator IS 'Indikator: nama indikator IKPA.';
COMMENT ON COLUMN mart.ikpa_bulanan.nilai IS 'Nilai: 0 sampai 100.';
COMMENT ON COLUMN mart.ikpa_bulanan.bobot IS 'Bobot: persen; 0 bila tidak berlaku bagi satker.';
