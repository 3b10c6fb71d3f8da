//! What must hold from line to line: the order, the counts, and that a user's groups are there.

use std::collections::{HashMap, HashSet};

use super::{Footer, GroupLine, Header, Line, PoolLine, SigningKeyLine, UserLine, checks};
use crate::Timestamp;
use crate::pool::Pool;

/// Groups are remembered, by name; everything else passes.
const MOST_GROUPS: usize = 100_000;
/// A prefix, and a name of the owner's own.
const MOST_DOMAINS: u64 = 2;
const MOST_SIGNING_KEYS: u64 = 1000;
const NO_POOL: &str = "there is no pool";

/// A file as far as it has been read.
#[derive(Default)]
pub struct Course {
    pool_id: String,
    rank: u8,
    last_key: String,
    counts: Footer,
    /// Ids by name.
    groups: HashMap<String, String>,
    group_ids: HashSet<String>,
    signs: [bool; 2],
    /// The pool, as far as what follows is judged by it, and the names in its schema.
    pool: Option<(Pool, HashSet<String>)>,
    header: Option<Header>,
}

impl Course {
    /// The next line, or what is wrong with it.
    pub fn accept(&mut self, line: &Line) -> Result<(), String> {
        self.in_order(line)?;
        self.counts.count(line);
        match line {
            Line::Header(header) => {
                checks::header(header)?;
                self.pool_id.clone_from(&header.pool_id);
                self.header = Some(header.clone());
            }
            Line::Pool(pool) => {
                checks::pool(&self.pool_id, pool)?;
                let attributes = pool.config.schema.definitions().map(|one| one.name.clone()).collect();
                self.pool = self.header.take().map(|header| (judging(header, pool), attributes));
            }
            Line::SigningKey(key) => self.signing_key(key)?,
            Line::Client(client) => checks::client(&self.pool_id, client)?,
            Line::ResourceServer(server) => checks::resource_server(&self.pool_id, server)?,
            Line::Group(group) => self.group(group)?,
            Line::Domain(domain) => {
                let (pool, _) = self.pool.as_ref().ok_or(NO_POOL)?;
                checks::domain(pool, domain)?;
                at_most(self.counts.domains, MOST_DOMAINS, "domains")?;
            }
            Line::User(user) => self.user(user)?,
            Line::Footer(footer) => self.footer(footer)?,
        }
        Ok(())
    }

    /// The id of a group that has passed.
    pub fn group_id(&self, name: &str) -> Option<&str> {
        self.groups.get(name).map(String::as_str)
    }

    pub fn has_ended(&self) -> bool {
        self.rank == FOOTER
    }

    pub fn counts(&self) -> Footer {
        self.counts
    }

    /// The key of the last user that has passed; none if no user has.
    pub fn last_user(&self) -> Option<&str> {
        (self.rank == USER).then_some(self.last_key.as_str())
    }

    fn in_order(&mut self, line: &Line) -> Result<(), String> {
        let (rank, key) = place(line);
        let first = self.pool_id.is_empty();
        if first != (rank == 0) {
            return Err(if first { "this is no export of Cognate's" } else { "a second header" }.to_owned());
        }
        if self.rank == 0 && rank > 1 {
            return Err("the pool itself should stand in the second line".to_owned());
        }
        if rank < self.rank || (rank == self.rank && !first && key <= self.last_key.as_str()) {
            return Err("this line does not belong here: lines come in a fixed order, each once".to_owned());
        }
        self.rank = rank;
        key.clone_into(&mut self.last_key);
        Ok(())
    }

    fn signing_key(&mut self, key: &SigningKeyLine) -> Result<(), String> {
        at_most(self.counts.signing_keys, MOST_SIGNING_KEYS, "signing keys")?;
        checks::times(&[Some(key.created_at), key.retired_at])?;
        let [id, access] = &mut self.signs;
        let signs = match key.token_use.as_str() {
            "id" => id,
            "access" => access,
            _ => return Err("a signing key is for `id` or `access` tokens".to_owned()),
        };
        *signs |= key.retired_at.is_none();
        Ok(())
    }

    fn group(&mut self, group: &GroupLine) -> Result<(), String> {
        checks::group(&self.pool_id, group)?;
        if self.groups.len() >= MOST_GROUPS {
            return Err(format!("more than {MOST_GROUPS} groups"));
        }
        if !self.group_ids.insert(group.id.clone()) {
            return Err("two groups have the same id".to_owned());
        }
        self.groups.insert(group.name.clone(), group.id.clone());
        Ok(())
    }

    fn user(&self, user: &UserLine) -> Result<(), String> {
        let (pool, attributes) = self.pool.as_ref().ok_or(NO_POOL)?;
        checks::user(user, &pool.config.names, attributes)?;
        let mut seen = HashSet::new();
        for membership in &user.groups {
            if !self.groups.contains_key(&membership.group) {
                return Err("the user is in a group that is not in this file".to_owned());
            }
            if !seen.insert(membership.group.as_str()) {
                return Err("the user is in one group twice".to_owned());
            }
        }
        Ok(())
    }

    fn footer(&self, footer: &Footer) -> Result<(), String> {
        if *footer != self.counts {
            return Err("the last line counts other lines than there are".to_owned());
        }
        if self.signs != [true, true] {
            return Err("the pool has no key that signs".to_owned());
        }
        Ok(())
    }
}

/// What rules ask of a pool; its secrets are not among it.
fn judging(header: Header, pool: &PoolLine) -> Pool {
    Pool {
        id: header.pool_id,
        region: header.region,
        account: header.account,
        version: 1,
        created_at: Timestamp(pool.created_at),
        modified_at: Timestamp(pool.modified_at),
        veil_key: [0; 32],
        config: pool.config.clone(),
    }
}

const USER: u8 = 7;
const FOOTER: u8 = 8;

/// Where a line stands: its kind, and within it by key.
fn place(line: &Line) -> (u8, &str) {
    match line {
        Line::Header(_) => (0, ""),
        Line::Pool(_) => (1, ""),
        Line::SigningKey(key) => (2, &key.kid),
        Line::Client(client) => (3, &client.id),
        Line::ResourceServer(server) => (4, &server.identifier),
        Line::Group(group) => (5, &group.name),
        Line::Domain(domain) => (6, &domain.domain),
        Line::User(user) => (USER, &user.id),
        Line::Footer(_) => (FOOTER, ""),
    }
}

fn at_most(count: u64, most: u64, what: &str) -> Result<(), String> {
    if count > most { Err(format!("more than {most} {what}")) } else { Ok(()) }
}
