-- The application's own directory (docs/decisions/0020): who calls, their workspaces, and what roles allow.

-- kind: user, machine, device, partner or job. name and email are the provider's last word; *_folded is what they are
-- found by. preferences and entitlements are JSON.
CREATE TABLE subjects (
    subject_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    provider TEXT NOT NULL,
    provider_subject TEXT NOT NULL,
    state TEXT NOT NULL,
    name TEXT,
    name_folded TEXT,
    email TEXT,
    email_folded TEXT,
    display_name TEXT,
    preferences TEXT NOT NULL,
    plan TEXT NOT NULL,
    onboarding TEXT NOT NULL,
    entitlements TEXT NOT NULL,
    platform_role TEXT,
    current_workspace TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX subjects_by_provider ON subjects (provider, provider_subject);
CREATE INDEX subjects_by_email ON subjects (email_folded, subject_id);
CREATE INDEX subjects_by_name ON subjects (name_folded, subject_id);
CREATE INDEX subjects_by_platform_role ON subjects (platform_role, subject_id) WHERE platform_role IS NOT NULL;

CREATE TABLE workspaces (
    workspace_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    created_by TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
) WITHOUT ROWID;

-- In the order of those who call: what somebody belongs to is read with every request, who belongs to something seldom.
CREATE TABLE members (
    subject_id TEXT NOT NULL,
    workspace_id TEXT NOT NULL,
    role_key TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (subject_id, workspace_id)
) WITHOUT ROWID;
CREATE INDEX members_by_workspace ON members (workspace_id, subject_id);
CREATE INDEX members_by_role ON members (role_key, workspace_id, subject_id);

-- Whoever brings the token joins; of one address there is one invitation at a time.
CREATE TABLE invitations (
    workspace_id TEXT NOT NULL,
    invitation_id TEXT NOT NULL,
    token_digest BYTEA NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    role_key TEXT NOT NULL,
    invited_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, invitation_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX invitations_by_token ON invitations (token_digest);
CREATE UNIQUE INDEX invitations_by_email ON invitations (workspace_id, email_folded);
CREATE INDEX invitations_by_role ON invitations (role_key, expires_at);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);

-- scope: platform or workspace. What is built in is no part of this text: `catalogue::insert_built_in` adds what is
-- missing at every start. So an emptied store has it again, a later release brings more without a migration, and a
-- grant that an operator took away stays away.
CREATE TABLE roles (
    role_key TEXT NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    built_in BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);

-- action and resource may end in *; grant_condition is JSON, or NULL.
CREATE TABLE role_grants (
    grant_id TEXT NOT NULL PRIMARY KEY,
    role_key TEXT NOT NULL,
    action TEXT NOT NULL,
    resource TEXT NOT NULL,
    grant_condition TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX role_grants_by_role ON role_grants (role_key, grant_id);

-- Cedar, as an operator wrote it.
CREATE TABLE policies (
    policy_id TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);

-- One row: raised by whatever changes a role, a grant or a policy. It begins at the time of day, so that no version of
-- an emptied store comes again.
CREATE TABLE catalogue (
    catalogue_id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

-- Only inserted into. entry_id is ordered by time, and so are all pages; details is JSON and holds neither addresses
-- nor secrets.
CREATE TABLE audit_log (
    entry_id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_id TEXT NOT NULL,
    action TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    workspace_id TEXT,
    details TEXT NOT NULL,
    trace_id TEXT NOT NULL
);
CREATE INDEX audit_log_by_target ON audit_log (target_kind, target_id, entry_id);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, entry_id);
CREATE INDEX audit_log_by_workspace ON audit_log (workspace_id, entry_id);

-- Of the last weeks, for support. sign_in_id is ordered by time; challenge: the last one that was answered.
CREATE TABLE sign_ins (
    provider TEXT NOT NULL,
    provider_subject TEXT NOT NULL,
    sign_in_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    challenge TEXT,
    PRIMARY KEY (provider, provider_subject, sign_in_id)
) WITHOUT ROWID;
CREATE INDEX sign_ins_by_time ON sign_ins (at);

-- Events that a provider has told, so that each counts once.
CREATE TABLE provider_events (
    event_id TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX provider_events_by_expiry ON provider_events (expires_at);

-- Calls that are limited, by the digest of whom the limit is about.
CREATE TABLE counted_calls (
    kind TEXT NOT NULL,
    about_digest BYTEA NOT NULL,
    called_at BIGINT NOT NULL,
    call_id TEXT NOT NULL,
    PRIMARY KEY (kind, about_digest, called_at, call_id)
) WITHOUT ROWID;
CREATE INDEX counted_calls_by_time ON counted_calls (called_at);
