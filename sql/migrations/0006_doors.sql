-- Doors: a load may come through any of them, and every asking at a door is kept.

ALTER TABLE ops.load DROP CONSTRAINT load_door_check;
ALTER TABLE ops.load ADD CONSTRAINT load_door_check
CHECK (door IN ('hand', 'inbox', 'folder', 'http', 'siasn', 'database'));

-- One row each time a door was asked for the file of a slice. sha256 is that of the archived bytes:
-- the file that was fetched, or what came in its place and could not be used.
CREATE TABLE ops.fetch (
    fetch_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    source text NOT NULL REFERENCES ops.source,
    period text NOT NULL,
    part text NOT NULL,
    door text NOT NULL CHECK (door IN ('folder', 'http', 'siasn', 'database')),
    at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('fetched', 'nothing', 'unavailable', 'refused')),
    sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    message text NOT NULL,
    who text NOT NULL,
    CONSTRAINT fetched_bytes_are_kept CHECK (outcome <> 'fetched' OR sha256 IS NOT NULL),
    CONSTRAINT a_failure_says_why CHECK (outcome IN ('fetched', 'nothing') OR message <> '')
);

CREATE INDEX fetch_by_slice ON ops.fetch (office, source, period, part);
