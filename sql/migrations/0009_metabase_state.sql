-- What `iku metabase apply` last wrote to each Metabase: append-only, the newest row of a key counts.

CREATE TABLE ops.metabase_state (
    state_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- One Metabase: its address and the warehouse that it was connected to.
    instance text NOT NULL,
    key text NOT NULL CHECK (key ~ '^[a-z]+/'),
    remote_id bigint,
    -- Ids of the tabs and tiles of a dashboard, by their keys.
    parts jsonb NOT NULL,
    -- What Metabase said when asked after the write, with keys in place of ids and no secret in it.
    canonical jsonb NOT NULL,
    -- Of a secret that cannot be read back: the checksum of what was sent.
    secret_sha256 text,
    is_archived boolean NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT ops.instant()
);

CREATE INDEX metabase_state_by_key ON ops.metabase_state (instance, key, state_id DESC);
