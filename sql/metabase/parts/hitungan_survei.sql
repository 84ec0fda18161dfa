-- The computed values of the two surveys in the quarter of `pilihan`.
hitungan AS (
    SELECT hitungan_id FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku IN ('IKU.3', 'IKU.4')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)
