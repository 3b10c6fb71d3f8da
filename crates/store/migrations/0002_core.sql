-- The whole core: groups, resource servers, domains, further client secrets, contacts that wait for their proof, rotation
-- of refresh tokens, signing out everywhere in one step, and imports that can be resumed.

-- Members name a group by its id, so that a group that is deleted takes nobody along into a later one of the same name.
CREATE TABLE user_groups (
    pool_id TEXT NOT NULL,
    group_name TEXT NOT NULL,
    group_id TEXT NOT NULL,
    description TEXT,
    role_arn TEXT,
    precedence BIGINT,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, group_name)
);
CREATE UNIQUE INDEX user_groups_by_id ON user_groups (pool_id, group_id);

CREATE TABLE group_members (
    pool_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, user_id, group_id)
) WITHOUT ROWID;
CREATE INDEX group_members_by_group ON group_members (pool_id, group_id, user_id);

-- Groups that were deleted and whose members still lie about: a job removes them in small steps.
CREATE TABLE deleted_groups (
    pool_id TEXT NOT NULL,
    group_id TEXT NOT NULL,
    deleted_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, group_id)
);

-- scopes: the ResourceServerScopeType list, as JSON.
CREATE TABLE resource_servers (
    pool_id TEXT NOT NULL,
    identifier TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    PRIMARY KEY (pool_id, identifier)
);

-- Where managed login is met: a prefix (without a dot) or a whole name of the owner's own. One pool each, server-wide.
CREATE TABLE login_domains (
    domain TEXT NOT NULL PRIMARY KEY,
    pool_id TEXT NOT NULL,
    config TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX login_domains_by_pool ON login_domains (pool_id, domain);

-- The first secret of a client is kept with the client; this holds those added to it.
CREATE TABLE client_secrets (
    client_id TEXT NOT NULL,
    secret_id TEXT NOT NULL,
    secret_sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (client_id, secret_id)
);

-- A new e-mail address or phone number that replaces the old one only once its code has come back.
CREATE TABLE pending_attributes (
    pool_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    attribute TEXT NOT NULL,
    value TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    PRIMARY KEY (pool_id, user_id, attribute)
) WITHOUT ROWID;

-- The address a code went to: it proves that address and no other.
ALTER TABLE codes ADD COLUMN sent_to TEXT;

-- When a rotating refresh token was exchanged for the next of its family.
ALTER TABLE refresh_tokens ADD COLUMN taken_at BIGINT;

-- Signing out everywhere raises the user's epoch; families of an earlier one are revoked.
ALTER TABLE users ADD COLUMN token_epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE token_families ADD COLUMN token_epoch BIGINT NOT NULL DEFAULT 0;

-- How far an import has come, written with what it brought: a line is brought once, also after a crash.
CREATE TABLE imports (
    import_id TEXT NOT NULL PRIMARY KEY,
    pool_id TEXT NOT NULL,
    lines_done BIGINT NOT NULL,
    began_at BIGINT NOT NULL,
    finished_at BIGINT
);
