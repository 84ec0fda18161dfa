-- Budget lines as documents print them, for the IKPA tab. One document prints the same money three
-- ways; the check ref_budget_sums_differ compares their totals.

CREATE TABLE ref.budget (
    row_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    year integer NOT NULL CHECK (year BETWEEN 2015 AND 2100),
    breakdown text NOT NULL CHECK (breakdown IN ('kegiatan', 'jenis', 'detil')),
    position integer NOT NULL CHECK (position > 0),
    group_name text NOT NULL CHECK (group_name <> ''),
    subgroup_name text NOT NULL DEFAULT '',
    code text NOT NULL DEFAULT '',
    item text NOT NULL CHECK (item <> ''),
    volume integer CHECK (volume > 0),
    volume_unit text NOT NULL DEFAULT '',
    amount_idr numeric NOT NULL CHECK (amount_idr >= 0),
    source text NOT NULL DEFAULT '',
    valid_from date NOT NULL,
    valid_to date,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);
