-- mart.capaian_iku: what is shown now of every indicator and quarter.
-- Grain: one row per office, IKU, quarter and target document.
-- Read by: `iku scorecard`, Metabase "Ringkasan Pimpinan".
CREATE VIEW mart.capaian_iku AS
SELECT * FROM mart.capaian_versi WHERE berlaku_sampai IS NULL;

COMMENT ON VIEW mart.capaian_iku IS 'Capaian kini: yang tampil sekarang untuk tiap IKU dan triwulan.';
COMMENT ON COLUMN mart.capaian_iku.kantor IS 'Kantor: kunci kantor.';
COMMENT ON COLUMN mart.capaian_iku.nama_kantor IS 'Nama kantor: nama lengkap.';
COMMENT ON COLUMN mart.capaian_iku.iku IS 'IKU: kode indikator.';
COMMENT ON COLUMN mart.capaian_iku.nomor IS 'Nomor: nomor urut indikator.';
COMMENT ON COLUMN mart.capaian_iku.nama_pendek IS 'Indikator: nama pendek.';
COMMENT ON COLUMN mart.capaian_iku.nama IS 'Nama indikator: seperti tercetak dalam Perjanjian Kinerja.';
COMMENT ON COLUMN mart.capaian_iku.perspektif IS 'Perspektif: perspektif balanced scorecard.';
COMMENT ON COLUMN mart.capaian_iku.urutan_perspektif IS 'Urutan: urutan perspektif.';
COMMENT ON COLUMN mart.capaian_iku.kode_sasaran IS 'Kode sasaran: SS.1 sampai SS.7.';
COMMENT ON COLUMN mart.capaian_iku.sasaran_strategis IS 'Sasaran strategis: bunyi sasaran.';
COMMENT ON COLUMN mart.capaian_iku.tahun IS 'Tahun: tahun kinerja.';
COMMENT ON COLUMN mart.capaian_iku.triwulan IS 'Triwulan: 1 sampai 4; triwulan IV adalah nilai tahun itu.';
COMMENT ON COLUMN mart.capaian_iku.periode IS 'Periode: misalnya 2024-Q4.';
COMMENT ON COLUMN mart.capaian_iku.dokumen IS 'Versi target: pk, renja, atau renstra.';
COMMENT ON COLUMN mart.capaian_iku.dasar IS 'Dasar: terbit (tercetak di dokumen resmi) atau hitung.';
COMMENT ON COLUMN mart.capaian_iku.status IS 'Kode status: kunci keadaan nilai.';
COMMENT ON COLUMN mart.capaian_iku.status_kata IS 'Status: tercapai, waspada, belum tercapai, atau mengapa belum dapat dinilai.';
COMMENT ON COLUMN mart.capaian_iku.satuan IS 'Satuan: percent, index, score, atau scale.';
COMMENT ON COLUMN mart.capaian_iku.realisasi IS 'Realisasi: angka yang tampil, dua desimal.';
COMMENT ON COLUMN mart.capaian_iku.realisasi_tepat IS 'Realisasi tepat: pecahan sebelum dibulatkan.';
COMMENT ON COLUMN mart.capaian_iku.pembilang IS 'Pembilang: yang memenuhi.';
COMMENT ON COLUMN mart.capaian_iku.penyebut IS 'Penyebut: seluruhnya.';
COMMENT ON COLUMN mart.capaian_iku.target IS 'Target: menurut dokumen itu.';
COMMENT ON COLUMN mart.capaian_iku.target_triwulanan IS 'Target triwulan: benar bila target itu milik triwulannya, bukan tahunnya.';
COMMENT ON COLUMN mart.capaian_iku.capaian IS 'Capaian: realisasi dibanding target, persen.';
COMMENT ON COLUMN mart.capaian_iku.sebab_tanpa_capaian IS 'Sebab tanpa capaian: kunci alasan capaian tidak ada.';
COMMENT ON COLUMN mart.capaian_iku.kekurangan IS 'Jumlah kurang: banyaknya yang masih kurang sampai target.';
COMMENT ON COLUMN mart.capaian_iku.yang_dihitung IS 'Yang dihitung: instansi, layanan, rekomendasi, atau kosong.';
COMMENT ON COLUMN mart.capaian_iku.realisasi_hitung IS 'Realisasi hitung: hasil hitungan sendiri.';
COMMENT ON COLUMN mart.capaian_iku.status_hitung IS 'Status hitung: kunci keadaan hasil hitungan.';
COMMENT ON COLUMN mart.capaian_iku.rincian IS 'Rincian: butir pembentuk nilai, untuk program.';
COMMENT ON COLUMN mart.capaian_iku.metode IS 'Metode: aturan yang dipakai.';
COMMENT ON COLUMN mart.capaian_iku.nilai_id IS 'Nilai: nomor nilai.';
COMMENT ON COLUMN mart.capaian_iku.capaian_id IS 'Capaian ke: nomor capaian.';
COMMENT ON COLUMN mart.capaian_iku.berlaku_dari IS 'Berlaku dari: saat baris ini mulai tampil.';
COMMENT ON COLUMN mart.capaian_iku.berlaku_sampai IS 'Berlaku sampai: saat baris ini diganti; kosong bila masih tampil.';
