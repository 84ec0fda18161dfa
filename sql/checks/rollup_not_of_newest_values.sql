-- severity: fail
-- title: NPSS belum mengikuti nilai terbaru
-- An indicator changed after the roll-up of its quarter was written.
SELECT newest.kantor, newest.periode, newest.iku
FROM mart.capaian_iku AS newest
WHERE
    newest.dokumen = 'pk'
    AND NOT EXISTS (
        SELECT FROM ops.run AS run
        WHERE
            run.office = newest.kantor AND run.year = newest.tahun
            AND run.quarter = newest.triwulan AND run.recorded_at >= newest.berlaku_dari
            AND EXISTS (
                SELECT FROM iku.rollup AS rollup
                WHERE
                    rollup.office = newest.kantor AND rollup.year = newest.tahun
                    AND rollup.quarter = newest.triwulan AND rollup.recorded_at <= run.recorded_at
            )
    )
