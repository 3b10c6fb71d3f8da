-- OAuth 2.0 at login domains: browsers that are signed in, and the codes that clients redeem for tokens.

-- Found by the digest of the browser's cookie. token_epoch is the user's when they signed in.
CREATE TABLE login_sessions (
    pool_id TEXT NOT NULL,
    session_digest BYTEA NOT NULL,
    user_id TEXT NOT NULL,
    user_number BIGINT NOT NULL,
    session_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    token_epoch BIGINT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, session_digest, user_id)
) WITHOUT ROWID;
CREATE INDEX login_sessions_by_user ON login_sessions (pool_id, user_id);
CREATE INDEX login_sessions_by_expiry ON login_sessions (expires_at);

-- code_grant: what was asked for and granted, as JSON. A code that was redeemed stays for a while with the sign-in that it began: a second
-- use ends it.
CREATE TABLE authorization_codes (
    pool_id TEXT NOT NULL,
    code_digest BYTEA NOT NULL,
    user_id TEXT NOT NULL,
    user_number BIGINT NOT NULL,
    client_id TEXT NOT NULL,
    code_grant TEXT NOT NULL,
    token_epoch BIGINT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    redeemed_at BIGINT,
    origin_jti TEXT,
    PRIMARY KEY (pool_id, code_digest, user_id)
) WITHOUT ROWID;
CREATE INDEX authorization_codes_by_user ON authorization_codes (pool_id, user_id);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);

-- What a sign-in at a login domain has beyond one through the API, as JSON; NULL of the latter.
ALTER TABLE token_families ADD COLUMN oauth TEXT;

-- Authorization requests that a client has pushed beforehand (RFC 9126): params as a query. Whoever answers one removes it.
CREATE TABLE pushed_requests (
    pool_id TEXT NOT NULL,
    request_digest BYTEA NOT NULL,
    client_id TEXT NOT NULL,
    params TEXT NOT NULL,
    pushed_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, request_digest)
) WITHOUT ROWID;
CREATE INDEX pushed_requests_by_expiry ON pushed_requests (expires_at);
