-- The quarter to show: the first that the filters of office, year and quarter leave.
pilihan AS (
    SELECT kantor, tahun, triwulan FROM mart.pilihan
    WHERE
        true [[AND kantor IN ({{kantor}})]] [[AND tahun IN ({{tahun}})]]
        [[AND triwulan IN ({{triwulan}})]]
    ORDER BY urutan
    LIMIT 1
)
