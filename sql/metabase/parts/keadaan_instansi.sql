-- What each agency contributes to the computed values that count agencies, in the quarter of
-- `pilihan`.
hitungan AS (
    SELECT DISTINCT hitungan_id FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku IN ('IKU.1', 'IKU.2', 'IKU.6', 'IKU.8')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
), keadaan AS (
    SELECT item.* FROM mart.instansi_iku AS item
    WHERE item.hitungan_id = ANY(ARRAY(SELECT hitungan_id FROM hitungan))
)
