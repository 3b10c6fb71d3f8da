//! Lines become rows: opened with the file's keys, sealed with the store's, everything costly done before a write begins.

use cognate_domain::filter::search_rows;
use cognate_domain::transfer::{ClientLine, DomainLine, Line, PoolLine, SigningKeyLine, UserLine};
use cognate_domain::user::{StoredPassword, User, UserStatus};
use cognate_domain::username::SignInNames;
use cognate_domain::{Error, Result, Timestamp};
use cognate_store::clients::ClientRow;
use cognate_store::pools::PoolRow;
use cognate_store::signing_keys::SigningKeyRow;
use cognate_store::transfer::{AddedSecretRow, DomainRow, GroupRow, MemberRow, PendingRow, ResourceServerRow, Rows};

use super::seals::FileKeys;
use super::{Failure, Header, opened};
use crate::App;
use crate::sealing::{Sealed, row_of};

/// Names by which a user is found, each as the store keeps it.
pub(super) type Names = Vec<(&'static str, String)>;

/// What the name of another object is unique in.
#[derive(Clone, Debug)]
pub(super) enum Unique {
    Client(String),
    Names(Names),
    Other,
}

/// Lines that one write brings.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) rows: Rows,
    pub(super) lines: Vec<(u64, Unique)>,
    pub(super) users: u64,
    /// The last line in it.
    pub(super) to: u64,
}

/// Turns the lines of one file into batches.
pub(super) struct Preparer<'a> {
    pub(super) app: &'a App,
    pub(super) header: &'a Header,
    pub(super) keys: &'a FileKeys,
    pub(super) names: SignInNames,
}

/// A value of the file is wrong (line unknown here), or one of ours is.
pub(super) enum Wrong {
    Line(String),
    Ours(Error),
}

impl From<String> for Wrong {
    fn from(reason: String) -> Self {
        Self::Line(reason)
    }
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl Wrong {
    pub(super) fn at(self, line: u64) -> Failure {
        match self {
            Self::Line(reason) => Failure::at(line, reason),
            Self::Ours(error) => error.into(),
        }
    }
}

impl Preparer<'_> {
    /// Adds a line that is no header, pool, domain or footer. `group_id` finds the id of a group by its name.
    pub(super) fn add<'g>(
        &self,
        batch: &mut Batch,
        number: u64,
        line: Line,
        group_id: impl Fn(&str) -> Option<&'g str>,
    ) -> Result<(), Wrong> {
        let pool_id = &self.header.pool_id;
        let unique = match line {
            Line::SigningKey(key) => {
                batch.rows.signing_key(pool_id, self.signing_key(key)?);
                Unique::Other
            }
            Line::Client(client) => {
                let unique = Unique::Client(client.id.clone());
                self.client(batch, *client)?;
                unique
            }
            Line::ResourceServer(server) => {
                let scopes = serde_json::to_string(&server.scopes).map_err(Error::internal)?;
                let row = ResourceServerRow { identifier: server.identifier, name: server.name, scopes };
                batch.rows.resource_server(pool_id, row);
                Unique::Other
            }
            Line::Group(group) => {
                let row = GroupRow {
                    name: group.name,
                    group_id: group.id,
                    description: group.description,
                    role_arn: group.role_arn,
                    precedence: group.precedence,
                    created_at: Timestamp(group.created_at),
                    modified_at: Timestamp(group.modified_at),
                };
                batch.rows.group(pool_id, row);
                Unique::Other
            }
            Line::User(user) => self.user(batch, *user, group_id)?,
            Line::Header(_) | Line::Pool(_) | Line::Domain(_) | Line::Footer(_) => Unique::Other,
        };
        batch.lines.push((number, unique));
        batch.to = number;
        Ok(())
    }

    fn signing_key(&self, line: SigningKeyLine) -> Result<SigningKeyRow, Wrong> {
        let (der, public_jwk) = opened::signing_key(&line, self.keys)?;
        Ok(SigningKeyRow {
            private_sealed: self.app.seal(Sealed::SigningKey, &row_of(&self.header.pool_id, &line.kid), &der)?,
            kid: line.kid,
            token_use: line.token_use,
            public_jwk,
            created_at: Timestamp(line.created_at),
            retired_at: line.retired_at.map(Timestamp),
        })
    }

    fn client(&self, batch: &mut Batch, line: ClientLine) -> Result<(), Wrong> {
        for added in &line.added_secrets {
            let plain = opened::added_secret(&line, added, self.keys)?;
            let place = row_of(&line.id, &added.id);
            let secret_sealed = self.app.seal(Sealed::AddedClientSecret, &place, &plain)?;
            let created_at = Timestamp(added.created_at);
            batch
                .rows
                .added_secret(&line.id, AddedSecretRow { secret_id: added.id.clone(), secret_sealed, created_at });
        }
        let secret = opened::client_secret(&line, self.keys)?;
        let seal = |plain: &zeroize::Zeroizing<Vec<u8>>| self.app.seal(Sealed::ClientSecret, &line.id, plain);
        let secret_sealed = secret.as_ref().map(seal).transpose()?;
        batch.rows.client(ClientRow {
            client_id: line.id,
            pool_id: self.header.pool_id.clone(),
            config: line.config,
            secret_sealed,
            version: 1,
            created_at: Timestamp(line.created_at),
            modified_at: Timestamp(line.modified_at),
        })?;
        Ok(())
    }

    fn user<'g>(
        &self,
        batch: &mut Batch,
        line: UserLine,
        group_id: impl Fn(&str) -> Option<&'g str>,
    ) -> Result<Unique, Wrong> {
        let pool_id = &self.header.pool_id;
        let row = row_of(pool_id, &line.id);
        let password = match (opened::verifier(&line, self.keys)?, &line.password) {
            (Some(plain), Some(given)) => Some(StoredPassword {
                salt: given.salt.0.as_slice().try_into().map_err(|_| "the salt is not 16 bytes".to_owned())?,
                verifier_sealed: self.app.seal(Sealed::UserVerifier, &row, &plain)?,
                expires_at: given.expires_at.map(Timestamp),
            }),
            _ => None,
        };
        let history = opened::history(&line, self.keys)?;
        let seal = |plain: &zeroize::Zeroizing<Vec<u8>>| self.app.seal(Sealed::UserPasswordHistory, &row, plain);
        let password_history_sealed = history.as_ref().map(seal).transpose()?;

        for membership in &line.groups {
            let group_id = group_id(&membership.group).ok_or_else(|| "the user's group is not there".to_owned())?;
            let added_at = Timestamp(membership.added_at);
            let member = MemberRow { user_id: line.id.clone(), group_id: group_id.to_owned(), added_at };
            batch.rows.member(pool_id, member);
        }
        for one in line.pending {
            let asked_at = Timestamp(one.asked_at);
            let pending = PendingRow { user_id: line.id.clone(), attribute: one.attribute, value: one.value, asked_at };
            batch.rows.pending(pool_id, pending);
        }
        let user = User {
            pool_id: pool_id.clone(),
            id: line.id,
            username: line.username,
            status: UserStatus::from_name(&line.status)?,
            enabled: line.enabled,
            attributes: line.attributes,
            password,
            password_history_sealed,
            version: 1,
            created_at: Timestamp(line.created_at),
            modified_at: Timestamp(line.modified_at),
            number: None,
        };
        Ok(add_user(batch, user, &self.names)?)
    }

    pub(super) fn pool(&self, line: PoolLine) -> Result<PoolRow, Wrong> {
        let plain = opened::veil_key(&line, self.keys)?;
        Ok(PoolRow {
            veil_key_sealed: self.app.seal(Sealed::PoolVeilKey, &self.header.pool_id, &plain)?,
            pool_id: self.header.pool_id.clone(),
            account_id: self.header.account.clone(),
            region: self.header.region.clone(),
            config: line.config,
            version: 1,
            created_at: Timestamp(line.created_at),
            modified_at: Timestamp(line.modified_at),
        })
    }
}

pub(super) fn domain(line: DomainLine) -> Result<DomainRow> {
    Ok(DomainRow {
        config: serde_json::to_string(&line.config).map_err(Error::internal)?,
        domain: line.domain,
        created_at: Timestamp(line.created_at),
        modified_at: Timestamp(line.modified_at),
    })
}

/// Adds a new user with names and search rows.
pub(super) fn add_user(batch: &mut Batch, user: User, names: &SignInNames) -> Result<Unique> {
    let own = names_of(&user, names);
    let search: Names =
        search_rows(&user, names).into_iter().map(|(attribute, value)| (attribute.name(), value)).collect();
    batch.rows.user(user, &own, &search)?;
    batch.users += 1;
    Ok(Unique::Names(own))
}

pub(super) fn names_of(user: &User, names: &SignInNames) -> Names {
    names.aliases_of(user).into_iter().map(|(kind, value)| (kind.space(), value)).collect()
}
