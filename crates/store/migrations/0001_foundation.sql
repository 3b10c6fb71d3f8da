-- The foundation: one text for both engines. Times are milliseconds since 1970; *_sealed are sealed under the master
-- key with table, column and row as associated data; *_digest are SHA-256. WITHOUT ROWID is said to SQLite alone: it keeps the short
-- rows, of which every user has some, in the tree of their primary key instead of beside it. A line that ends in --sqlite or
-- --postgres is for that engine alone.

-- What this store is: its environment mark, set when it is made and never changed.
CREATE TABLE store_marks (
    mark TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Keys of operators and machines, for SigV4.
CREATE TABLE access_keys (
    access_key_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    description TEXT NOT NULL,
    secret_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- Signatures of calls that change something, so that none is good twice on any node.
CREATE TABLE spent_signatures (
    signature_digest BYTEA NOT NULL PRIMARY KEY,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX spent_signatures_by_expiry ON spent_signatures (expires_at);

CREATE TABLE user_pools (
    pool_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    config TEXT NOT NULL,
    veil_key_sealed BYTEA NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX user_pools_by_account ON user_pools (account_id, region, pool_id);

-- Pools that were deleted and whose users still lie about: a job removes them in small steps. Ids never come again.
CREATE TABLE deleted_pools (
    pool_id TEXT NOT NULL PRIMARY KEY,
    deleted_at BIGINT NOT NULL
);

-- Users per pool, spread over rows so that sign-ups do not wait for each other; summed when asked.
CREATE TABLE user_counts (
    pool_id TEXT NOT NULL,
    shard BIGINT NOT NULL,
    users BIGINT NOT NULL,
    PRIMARY KEY (pool_id, shard)
);

-- token_use is 'id' or 'access'. The newest key of a use that has no retired_at signs; retired ones still verify.
CREATE TABLE signing_keys (
    pool_id TEXT NOT NULL,
    kid TEXT NOT NULL,
    token_use TEXT NOT NULL,
    public_jwk TEXT NOT NULL,
    private_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (pool_id, kid)
);

-- RSA keys made beforehand, so that CreateUserPool need not wait for primes.
CREATE TABLE key_stock (
    kid TEXT NOT NULL PRIMARY KEY,
    public_jwk TEXT NOT NULL,
    private_sealed BYTEA NOT NULL
);

CREATE TABLE clients (
    client_id TEXT NOT NULL PRIMARY KEY,
    pool_id TEXT NOT NULL,
    config TEXT NOT NULL,
    secret_sealed BYTEA,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX clients_by_pool ON clients (pool_id, client_id);

-- user_number is where SQLite keeps the row. In the tables below it leads there from what a user is found by, past the index of
-- ids. PostgreSQL has no such place to offer: all are 0 there.
CREATE TABLE users (
    user_number INTEGER PRIMARY KEY, --sqlite
    user_number BIGINT NOT NULL DEFAULT 0, --postgres
    pool_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    username TEXT NOT NULL,
    status TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    attributes TEXT NOT NULL,
    salt BYTEA,
    verifier_sealed BYTEA,
    password_expires_at BIGINT,
    password_history_sealed BYTEA,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    UNIQUE (pool_id, user_id) --sqlite
    PRIMARY KEY (pool_id, user_id) --postgres
);

-- What must be unique to sign in: names, and e-mail or phone number where the pool makes them aliases and they count.
CREATE TABLE user_aliases (
    pool_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_number BIGINT NOT NULL,
    PRIMARY KEY (pool_id, kind, value)
) WITHOUT ROWID;
CREATE INDEX user_aliases_by_user ON user_aliases (pool_id, user_id);

-- What ListUsers looks for: folded in Rust, not unique; a prefix is a range.
CREATE TABLE user_search (
    pool_id TEXT NOT NULL,
    attribute TEXT NOT NULL,
    folded_value TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_number BIGINT NOT NULL,
    PRIMARY KEY (pool_id, attribute, folded_value, user_id)
) WITHOUT ROWID;
CREATE INDEX user_search_by_user ON user_search (pool_id, user_id);

-- One live code of each kind per user; a new one replaces the old.
CREATE TABLE codes (
    pool_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    code_digest BYTEA NOT NULL,
    attribute TEXT,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, user_id, kind)
) WITHOUT ROWID;
CREATE INDEX codes_by_expiry ON codes (expires_at);

-- Attempts that are limited or lock: one row each, never updated, so that parallel ones are counted exactly.
CREATE TABLE attempts (
    pool_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    attempt_id TEXT NOT NULL,
    attempted_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, user_id, kind, attempt_id)
) WITHOUT ROWID;
CREATE INDEX attempts_by_time ON attempts (attempted_at);

-- Challenge sessions and SRP secret blocks that were answered: what makes them good once.
CREATE TABLE spent_handles (
    pool_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    handle_digest BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, user_id, handle_digest)
) WITHOUT ROWID;
CREATE INDEX spent_handles_by_expiry ON spent_handles (expires_at);

-- One row per sign-in. All its tokens carry its origin_jti and fall with it.
CREATE TABLE token_families (
    pool_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    user_number BIGINT NOT NULL,
    origin_jti TEXT NOT NULL,
    client_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    PRIMARY KEY (pool_id, user_id, origin_jti)
) WITHOUT ROWID;
CREATE INDEX token_families_by_expiry ON token_families (expires_at);

CREATE TABLE refresh_tokens (
    pool_id TEXT NOT NULL,
    token_digest BYTEA NOT NULL,
    user_id TEXT NOT NULL,
    origin_jti TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, token_digest, user_id)
) WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_user ON refresh_tokens (pool_id, user_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- Development only: messages that were kept instead of sent.
CREATE TABLE inbox (
    message_id TEXT NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    sender TEXT,
    subject TEXT,
    body TEXT NOT NULL,
    code TEXT,
    message_trigger TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
