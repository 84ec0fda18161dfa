-- The lines of the scorecard in the quarter of `pilihan`, as shown on the day that is asked for.
tampil AS (
    SELECT * FROM mart.kartu_skor
    WHERE
        (kantor, tahun, triwulan) = (SELECT kantor, tahun, triwulan FROM pilihan)
        AND dokumen = coalesce([[{{dokumen}},]] 'pk')
        AND coalesce([[{{per_tanggal}},]] DATE 'infinity') BETWEEN tampil_mulai AND tampil_akhir
)
