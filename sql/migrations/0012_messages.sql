-- Messages: what somebody is told, every attempt to send it, and each refresh that came to its end.

-- One row per refresh that came to its end, also of one that found nothing to do and so left no
-- other trace; failure is empty when all went well.
CREATE TABLE ops.refresh (
    refresh_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    office text NOT NULL,
    ended_at timestamptz NOT NULL,
    who text NOT NULL,
    failure text NOT NULL
);

CREATE INDEX refresh_by_office ON ops.refresh (office, ended_at);

-- office is empty where a message is of the whole. What has the same key is the same message: it is
-- written, and sent, once.
CREATE TABLE ops.message (
    message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    office text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('digest', 'failure', 'alarm')),
    title text NOT NULL CHECK (title <> ''),
    body text NOT NULL,
    written_at timestamptz NOT NULL
);

CREATE INDEX message_by_time ON ops.message (written_at);

-- target tells addresses apart without showing them: an address is a secret.
CREATE TABLE ops.message_attempt (
    attempt_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id bigint NOT NULL REFERENCES ops.message,
    target text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('sent', 'failed')),
    at timestamptz NOT NULL
);

CREATE INDEX message_attempt_by_message ON ops.message_attempt (message_id, target);

CREATE UNIQUE INDEX message_sent_once ON ops.message_attempt (message_id, target)
WHERE outcome = 'sent';
