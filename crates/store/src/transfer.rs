//! What a pool consists of, read by pages for an export and written in bulk by an import.
//!
//! Rows are put together before a write begins, and inserted many at a time by statements of a few fixed sizes, so that both
//! engines prepare each once.

use cognate_domain::user::User;
use cognate_domain::{Error, Result};

use crate::clients::ClientRow;
use crate::signing_keys::SigningKeyRow;
use crate::{Tx, Value, WriteTx};

mod read;

pub use read::{
    AddedSecretRow, DomainRow, GroupRow, MemberRow, PendingRow, ResourceServerRow, domain_is_taken, list_added_secrets,
    list_domains, list_groups, list_members, list_pending, list_resource_servers, pool_is_being_removed,
};

/// Rows a statement. More would save PostgreSQL round trips, and cost SQLite: to find the name of a parameter it passes
/// over all of those before it.
const SIZES: [usize; 3] = [32, 4, 1];

struct Table {
    name: &'static str,
    columns: &'static [&'static str],
}

/// The column that is looked up instead of given.
const NUMBER: &str = "user_number";

impl Table {
    /// The columns whose values are given, in their order.
    fn given(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().copied().filter(|column| *column != NUMBER)
    }
}

const USERS: Table = Table {
    name: "users",
    columns: &[
        "pool_id",
        "user_id",
        "username",
        "status",
        "enabled",
        "attributes",
        "salt",
        "verifier_sealed",
        "password_expires_at",
        "password_history_sealed",
        "version",
        "created_at",
        "modified_at",
    ],
};
const ALIASES: Table = Table { name: "user_aliases", columns: &["pool_id", "kind", "value", "user_id", NUMBER] };
const SEARCH: Table =
    Table { name: "user_search", columns: &["pool_id", "attribute", "folded_value", "user_id", NUMBER] };
const MEMBERS: Table = Table { name: "group_members", columns: &["pool_id", "user_id", "group_id", "added_at"] };
const PENDING: Table =
    Table { name: "pending_attributes", columns: &["pool_id", "user_id", "attribute", "value", "asked_at"] };
const GROUPS: Table = Table {
    name: "user_groups",
    columns: &[
        "pool_id",
        "group_name",
        "group_id",
        "description",
        "role_arn",
        "precedence",
        "created_at",
        "modified_at",
    ],
};
const SERVERS: Table = Table { name: "resource_servers", columns: &["pool_id", "identifier", "name", "scopes"] };
const KEYS: Table = Table {
    name: "signing_keys",
    columns: &["pool_id", "kid", "token_use", "public_jwk", "private_sealed", "created_at", "retired_at"],
};
const CLIENTS: Table = Table {
    name: "clients",
    columns: &["client_id", "pool_id", "config", "secret_sealed", "version", "created_at", "modified_at"],
};
const SECRETS: Table =
    Table { name: "client_secrets", columns: &["client_id", "secret_id", "secret_sealed", "created_at"] };
const DOMAINS: Table =
    Table { name: "login_domains", columns: &["domain", "pool_id", "config", "version", "created_at", "modified_at"] };

/// New rows of one pool, table by table.
#[derive(Default)]
pub struct Rows {
    keys: Vec<Value<'static>>,
    clients: Vec<Value<'static>>,
    secrets: Vec<Value<'static>>,
    servers: Vec<Value<'static>>,
    groups: Vec<Value<'static>>,
    domains: Vec<Value<'static>>,
    users: Vec<Value<'static>>,
    aliases: Vec<Value<'static>>,
    search: Vec<Value<'static>>,
    members: Vec<Value<'static>>,
    pending: Vec<Value<'static>>,
}

impl Rows {
    pub fn signing_key(&mut self, pool_id: &str, key: SigningKeyRow) {
        self.keys.extend([
            pool_id.to_owned().into(),
            key.kid.into(),
            key.token_use.into(),
            key.public_jwk.into(),
            key.private_sealed.into(),
            key.created_at.into(),
            key.retired_at.into(),
        ]);
    }

    pub fn client(&mut self, client: ClientRow) -> Result<()> {
        let config = serde_json::to_string(&client.config).map_err(Error::internal)?;
        self.clients.extend([
            client.client_id.into(),
            client.pool_id.into(),
            config.into(),
            client.secret_sealed.into(),
            client.version.into(),
            client.created_at.into(),
            client.modified_at.into(),
        ]);
        Ok(())
    }

    pub fn added_secret(&mut self, client_id: &str, secret: AddedSecretRow) {
        self.secrets.extend([
            client_id.to_owned().into(),
            secret.secret_id.into(),
            secret.secret_sealed.into(),
            secret.created_at.into(),
        ]);
    }

    pub fn resource_server(&mut self, pool_id: &str, server: ResourceServerRow) {
        let ResourceServerRow { identifier, name, scopes } = server;
        self.servers.extend([pool_id.to_owned().into(), identifier.into(), name.into(), scopes.into()]);
    }

    pub fn group(&mut self, pool_id: &str, group: GroupRow) {
        self.groups.extend([
            pool_id.to_owned().into(),
            group.name.into(),
            group.group_id.into(),
            group.description.into(),
            group.role_arn.into(),
            group.precedence.into(),
            group.created_at.into(),
            group.modified_at.into(),
        ]);
    }

    pub fn domain(&mut self, pool_id: &str, domain: DomainRow) {
        self.domains.extend([
            domain.domain.into(),
            pool_id.to_owned().into(),
            domain.config.into(),
            1_i64.into(),
            domain.created_at.into(),
            domain.modified_at.into(),
        ]);
    }

    /// A user with the names by which they sign in, and what lists look for.
    pub fn user(
        &mut self,
        user: User,
        aliases: &[(&'static str, String)],
        search: &[(&'static str, String)],
    ) -> Result<()> {
        let attributes = serde_json::to_string(&user.attributes).map_err(Error::internal)?;
        for (to, names) in [(&mut self.aliases, aliases), (&mut self.search, search)] {
            for (kind, value) in names {
                to.extend([
                    user.pool_id.clone().into(),
                    Value::Text((*kind).into()),
                    value.clone().into(),
                    user.id.clone().into(),
                ]);
            }
        }
        let password = user.password;
        let expires_at = password.as_ref().and_then(|password| password.expires_at);
        let (salt, verifier) = password.map(|one| (one.salt.to_vec(), one.verifier_sealed)).unzip();
        self.users.extend([
            user.pool_id.into(),
            user.id.into(),
            user.username.into(),
            user.status.name().into(),
            user.enabled.into(),
            attributes.into(),
            salt.into(),
            verifier.into(),
            expires_at.into(),
            user.password_history_sealed.into(),
            user.version.into(),
            user.created_at.into(),
            user.modified_at.into(),
        ]);
        Ok(())
    }

    pub fn member(&mut self, pool_id: &str, member: MemberRow) {
        let MemberRow { user_id, group_id, added_at } = member;
        self.members.extend([pool_id.to_owned().into(), user_id.into(), group_id.into(), added_at.into()]);
    }

    pub fn pending(&mut self, pool_id: &str, pending: PendingRow) {
        let PendingRow { user_id, attribute, value, asked_at } = pending;
        self.pending.extend([
            pool_id.to_owned().into(),
            user_id.into(),
            attribute.into(),
            value.into(),
            asked_at.into(),
        ]);
    }

    /// Inserts all of them. That the pool is there, or is not to be yet, is the caller's to say.
    pub async fn insert(&self, tx: &mut WriteTx<'_>) -> Result<()> {
        for (table, values) in [
            (&KEYS, &self.keys),
            (&CLIENTS, &self.clients),
            (&SECRETS, &self.secrets),
            (&SERVERS, &self.servers),
            (&GROUPS, &self.groups),
            (&DOMAINS, &self.domains),
            (&USERS, &self.users),
            (&ALIASES, &self.aliases),
            (&SEARCH, &self.search),
            (&MEMBERS, &self.members),
            (&PENDING, &self.pending),
        ] {
            insert(tx, table, values).await?;
        }
        Ok(())
    }
}

async fn insert(tx: &mut WriteTx<'_>, table: &Table, values: &[Value<'static>]) -> Result<()> {
    let width = table.given().count();
    let mut rest = values;
    for size in SIZES {
        if rest.len() < size * width {
            continue;
        }
        let sql = statement(table, size);
        while let Some((rows, left)) = rest.split_at_checked(size * width) {
            let mut query = tx.query(&sql);
            for value in rows {
                query = query.bind(value.borrowed());
            }
            query.execute().await?;
            rest = left;
        }
    }
    Ok(())
}

fn statement(table: &Table, size: usize) -> String {
    let width = table.given().count();
    let row = |at: usize| {
        let place = |column: &str| match table.given().position(|given| given == column) {
            Some(given) => format!("${}", at * width + given + 1),
            None => String::new(),
        };
        let value = |column: &&str| match *column {
            NUMBER => {
                let (pool, user) = (place("pool_id"), place("user_id"));
                format!("(SELECT {NUMBER} FROM users WHERE pool_id = {pool} AND user_id = {user})")
            }
            given => place(given),
        };
        let values: Vec<_> = table.columns.iter().map(value).collect();
        format!("({})", values.join(", "))
    };
    let rows: Vec<_> = (0..size).map(row).collect();
    format!("INSERT INTO {} ({}) VALUES {}", table.name, table.columns.join(", "), rows.join(", "))
}

/// The first of these names that is somebody's in the pool already.
pub async fn find_taken(tx: &mut Tx<'_>, pool_id: &str, aliases: &[(&str, String)]) -> Result<Option<usize>> {
    for (at, (kind, value)) in aliases.iter().enumerate() {
        if crate::user_aliases::find_owner(tx, pool_id, kind, value).await?.is_some() {
            return Ok(Some(at));
        }
    }
    Ok(None)
}
