-- The ids that callers gave to their writes, so that one that is sent again is made once. Of what was made, ids are kept
-- and nothing that anybody said.
CREATE TABLE write_requests (
    -- As the server verified it; empty if nobody had to say.
    caller        text NOT NULL,
    -- The RPC.
    method        text NOT NULL,
    request_id    text NOT NULL CHECK (request_id <> ''),
    -- SHA-256 of the request without its id.
    request_hash  bytea NOT NULL CHECK (octet_length(request_hash) = 32),
    -- What the answer is found again by.
    made          jsonb NOT NULL DEFAULT 'null',
    create_time   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, method, request_id)
);

-- For pruning.
CREATE INDEX write_requests_by_time ON write_requests (create_time);
