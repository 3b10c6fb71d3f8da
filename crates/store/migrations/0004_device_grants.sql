-- Devices that wait for a person elsewhere to let them in (RFC 8628). device_grant: what was asked for, as JSON. state: waiting, allowed or
-- refused; user_id and what follows say who allowed it, and are NULL until then.
CREATE TABLE device_grants (
    pool_id TEXT NOT NULL,
    device_digest BYTEA NOT NULL,
    user_code_digest BYTEA NOT NULL,
    client_id TEXT NOT NULL,
    device_grant TEXT NOT NULL,
    state TEXT NOT NULL,
    user_id TEXT,
    token_epoch BIGINT,
    authenticated_at BIGINT,
    poll_interval BIGINT NOT NULL,
    polled_at BIGINT,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, device_digest)
) WITHOUT ROWID;
CREATE UNIQUE INDEX device_grants_by_user_code ON device_grants (pool_id, user_code_digest);
CREATE INDEX device_grants_by_user ON device_grants (pool_id, user_id) WHERE user_id IS NOT NULL;
CREATE INDEX device_grants_by_expiry ON device_grants (expires_at);
