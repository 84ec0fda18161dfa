-- severity: fail
-- title: jumlah baris tersimpan berbeda dari yang diterima
-- A load holds another number of rows in staging than it accepted, or was refused and holds some,
-- or rows belong to no load.
WITH staged AS (
    SELECT load_id FROM staging.survey_answer
    UNION ALL SELECT load_id FROM staging.system_usage
    UNION ALL SELECT load_id FROM staging.ikpa
    UNION ALL SELECT load_id FROM staging.technical_regulation
    UNION ALL SELECT load_id FROM staging.oversight_recommendation
    UNION ALL SELECT load_id FROM staging.audit_finding
    UNION ALL SELECT load_id FROM staging.siasn_integration
    UNION ALL SELECT load_id FROM staging.digital_service
    UNION ALL SELECT load_id FROM staging.agency_ip_asn
    UNION ALL SELECT load_id FROM staging.office_employee
    UNION ALL SELECT load_id FROM staging.agency_nspk
    UNION ALL SELECT load_id FROM staging.reform_index
    UNION ALL SELECT load_id FROM staging.sakip_score
    UNION ALL SELECT load_id FROM staging.published_actual
), counted AS (
    SELECT load_id, count(*) AS row_count FROM staged GROUP BY load_id
)

SELECT coalesce(load.load_id, counted.load_id) AS muatan, load.file_name AS berkas
FROM ops.load AS load
FULL JOIN counted ON counted.load_id = load.load_id
WHERE
    coalesce(counted.row_count, 0)
    IS DISTINCT FROM CASE load.status WHEN 'landed' THEN load.accepted WHEN 'refused' THEN 0 END
