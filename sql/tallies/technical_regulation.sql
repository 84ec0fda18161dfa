-- tally.technical_regulation: what became of the proposed regulations by the quarter's last day.
-- Grain: one row per cohort (this_year, carried) and state.  Read by: IKU 5.
-- Carried: proposed before 1 January and not decided before it. A proposal decided after the
-- quarter's last day was undecided on it; one proposed after it is not there yet (RULES 8.5).
CREATE OR REPLACE FUNCTION tally.technical_regulation(
    p_office text, p_year integer, p_quarter integer, p_known_at timestamptz
) RETURNS TABLE (cohort text, state text, proposals bigint)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH proposal AS (
        SELECT
            staged.proposed_date,
            -- Null while undecided.
            CASE WHEN staged.status IN ('enacted', 'rejected') THEN staged.status END AS decision,
            staged.decided_date
        FROM staging.technical_regulation AS staged
        JOIN ops.loads_read('technical_regulation', p_office, p_year, p_quarter, p_known_at)
            AS loaded
            ON loaded.load_id = staged.load_id
        WHERE staged.proposed_date <= ops.quarter_end(p_year, p_quarter)
    ), as_of_the_day AS (
        SELECT
            CASE
                WHEN proposal.proposed_date < ops.quarter_start(p_year, 1) THEN 'carried'
                ELSE 'this_year'
            END AS cohort,
            CASE
                WHEN proposal.decided_date <= ops.quarter_end(p_year, p_quarter)
                    THEN coalesce(proposal.decision, 'undecided')
                ELSE 'undecided'
            END AS state
        FROM proposal
        WHERE
            proposal.proposed_date >= ops.quarter_start(p_year, 1)
            OR proposal.decision IS NULL
            OR coalesce(proposal.decided_date, 'infinity') >= ops.quarter_start(p_year, 1)
    )
    SELECT as_of_the_day.cohort, as_of_the_day.state, count(*)
    FROM as_of_the_day
    GROUP BY as_of_the_day.cohort, as_of_the_day.state
    ORDER BY as_of_the_day.cohort COLLATE "C", as_of_the_day.state COLLATE "C"
$$;
