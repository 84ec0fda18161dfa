-- The quarantine: which problem of a later attempt is an earlier one again, and what was waived.
-- Whether an item is open or fixed follows from the loads and is never stored: mart.baris_ditolak.

-- The first item of the same problem, where an earlier attempt of the slice told of it already.
ALTER TABLE ops.reject ADD COLUMN origin bigint REFERENCES ops.reject;

-- An item that will not be mended, with who says so and why. It lets nothing in.
CREATE TABLE ops.waiver (
    waiver_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reject_id bigint NOT NULL REFERENCES ops.reject,
    at timestamptz NOT NULL,
    who text NOT NULL CHECK (who <> ''),
    reason text NOT NULL CHECK (reason <> '')
);

CREATE INDEX waiver_by_reject ON ops.waiver (reject_id);
