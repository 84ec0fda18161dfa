-- tally.ikpa: the IKPA row of the office's own satker up to the last month of the quarter.
-- Grain: one row, or none: the export holds other satker too, and an earlier month never stands in.
-- Read by: IKU 13.
CREATE OR REPLACE FUNCTION tally.ikpa(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (
    satker text, satker_name text, ba_code text, kppn_code text, regime integer,
    value_dipa_revision numeric, value_page_three_deviation numeric, value_absorption numeric,
    value_contract numeric, value_bill_settlement numeric, value_cash_supply numeric,
    value_dispensation numeric, value_output numeric,
    weight_dipa_revision numeric, weight_page_three_deviation numeric, weight_absorption numeric,
    weight_contract numeric, weight_bill_settlement numeric, weight_cash_supply numeric,
    weight_dispensation numeric, weight_output numeric,
    total_score numeric, conversion_pct numeric, dispensation_score numeric, final_score numeric
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        staged.satker,
        staged.satker_name,
        staged.ba_code,
        staged.kppn_code,
        staged.regime,
        staged.value_dipa_revision,
        staged.value_page_three_deviation,
        staged.value_absorption,
        staged.value_contract,
        staged.value_bill_settlement,
        staged.value_cash_supply,
        staged.value_dispensation,
        staged.value_output,
        staged.weight_dipa_revision,
        staged.weight_page_three_deviation,
        staged.weight_absorption,
        staged.weight_contract,
        staged.weight_bill_settlement,
        staged.weight_cash_supply,
        staged.weight_dispensation,
        staged.weight_output,
        staged.total_score,
        staged.conversion_pct,
        staged.dispensation_score,
        staged.final_score
    FROM staging.ikpa AS staged
    JOIN ops.loads_read('ikpa', p_office, p_year, p_quarter, p_known_at) AS loaded
        ON loaded.load_id = staged.load_id
    JOIN ref.office_at(ops.quarter_end(p_year, p_quarter), p_known_at) AS own
        ON own.office = p_office AND own.satker_code = staged.satker
    ORDER BY staged.load_id
$$;
