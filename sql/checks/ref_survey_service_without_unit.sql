-- severity: fail
-- title: layanan survei dari unit yang tidak ada di unit.csv
-- A survey service belongs to a unit that its office does not have.
SELECT service.office AS kantor, service.service AS layanan, service.unit AS unit
FROM ref.survey_service AS service
WHERE NOT EXISTS (
    SELECT FROM ref.unit AS unit WHERE unit.office = service.office AND unit.unit = service.unit
)
