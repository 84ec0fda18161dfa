-- The line of one indicator in the quarter of `pilihan`, measured against the PK.
tampil AS (
    SELECT * FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND iku = coalesce([[{{iku}},]] 'IKU.1')
        AND dokumen = 'pk'
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)
