//! `cognate export`: a pool into a file, page by page, while servers run. What was written before a crash is verified and
//! gone on with. Each user is as of one moment; who signs up meanwhile may be missed.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Seek as _, SeekFrom};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cognate_domain::transfer::{
    AddedSecret, Bytes, ClientLine, DomainLine, Footer, GroupLine, Line, Membership, PasswordLine, Pending, PoolLine,
    ResourceServerLine, SigningKeyLine, UserLine,
};
use cognate_domain::user::User;
use cognate_domain::{Error, Result};
use cognate_jose::MasterKey;
use cognate_store::clients::ClientRow;
use cognate_store::pools::PoolRow;
use cognate_store::transfer::{MemberRow, PendingRow};
use cognate_store::{clients, pools, signing_keys, transfer, user_search};
use tokio::task::JoinHandle;

use super::reader::LineReader;
use super::seals::Secret;
use super::writer::{LineWriter, Origin};
use super::{Failure, opened};
use crate::App;
use crate::sealing::{Sealed, row_of};

/// Users, or other objects, of a page.
const PAGE: i64 = 500;

/// Where an export goes, and under which key.
pub struct Target<'a> {
    /// It appears there when it is whole; until then it is beside it, with `.part` behind its name.
    pub path: &'a Path,
    pub key: &'a MasterKey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    pub counts: Footer,
    /// Users that an earlier run had written.
    pub resumed_after: u64,
}

type Writer = LineWriter<BufWriter<File>>;

impl App {
    /// `progress` learns how many users have been written.
    pub async fn export_pool(
        self: &Arc<Self>,
        pool_id: &str,
        target: &Target<'_>,
        progress: impl FnMut(u64) + Send,
    ) -> Result<Exported, Failure> {
        if target.path.exists() {
            return Err(Failure::State(format!("{} is there already", target.path.display())));
        }
        let row = pools::find(&mut self.db.read().await?, pool_id).await?;
        let row = row.ok_or_else(|| Failure::State(format!("there is no pool {pool_id}")))?;

        let part = beside(target.path);
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&part)?;
        if file.try_lock().is_err() {
            return Err(Failure::State(format!("another export is writing {}", part.display())));
        }
        let mut work = match resume(&file, pool_id, target.key)? {
            Found::Whole(counts) => {
                publish(&file, &part, target.path)?;
                return Ok(Exported { counts, resumed_after: counts.users });
            }
            Found::Part(work) => *work,
            Found::Nothing => self.begin(&file, row, target.key).await?,
        };
        let resumed_after = work.writer.counts().users;
        self.write_users(pool_id, &mut work, progress).await?;

        let (out, counts) = work.writer.finish()?;
        drop(out);
        publish(&file, &part, target.path)?;
        Ok(Exported { counts, resumed_after })
    }

    /// Header, pool, and all that is not a user.
    async fn begin(&self, file: &File, pool: PoolRow, key: &MasterKey) -> Result<Work, Failure> {
        file.set_len(0)?;
        let mut at = file.try_clone()?;
        at.seek(SeekFrom::Start(0))?;
        let origin = Origin {
            pool_id: pool.pool_id.clone(),
            region: pool.region.clone(),
            account: pool.account_id.clone(),
            now: self.clock.now(),
        };
        let out = BufWriter::with_capacity(1 << 20, at);
        let mut writer = LineWriter::begin(out, key, &origin, self.entropy.as_ref())?;

        let pool_id = pool.pool_id.clone();
        let veil_key = self.open(Sealed::PoolVeilKey, &pool_id, &pool.veil_key_sealed)?;
        let veil_key = self.seal_for(&writer, Secret::VeilKey, "", &veil_key)?;
        let (created_at, modified_at) = (pool.created_at.0, pool.modified_at.0);
        writer.write(&Line::Pool(Box::new(PoolLine { config: pool.config, veil_key, created_at, modified_at })))?;
        self.write_keys(&pool_id, &mut writer).await?;
        self.write_clients(&pool_id, &mut writer).await?;
        let groups = self.write_the_rest(&pool_id, &mut writer).await?;
        Ok(Work { writer, groups, after: String::new() })
    }

    async fn write_keys(&self, pool_id: &str, writer: &mut Writer) -> Result<(), Failure> {
        let mut keys = signing_keys::list(&mut self.db.read().await?, pool_id).await?;
        keys.sort_by(|one, other| one.kid.cmp(&other.kid));
        for key in keys {
            let der = self.open(Sealed::SigningKey, &row_of(pool_id, &key.kid), &key.private_sealed)?;
            let private_key = self.seal_for(writer, Secret::SigningKey, &key.kid, &der)?;
            writer.write(&Line::SigningKey(SigningKeyLine {
                kid: key.kid,
                token_use: key.token_use,
                private_key,
                created_at: key.created_at.0,
                retired_at: key.retired_at.map(|moment| moment.0),
            }))?;
        }
        Ok(())
    }

    async fn write_clients(&self, pool_id: &str, writer: &mut Writer) -> Result<(), Failure> {
        let mut after = String::new();
        loop {
            let page = clients::list(&mut self.db.read().await?, pool_id, &after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after.clone_from(&last.client_id);
            for client in page {
                let line = self.client_line(client, writer).await?;
                writer.write(&Line::Client(Box::new(line)))?;
            }
        }
    }

    async fn client_line(&self, client: ClientRow, writer: &Writer) -> Result<ClientLine, Failure> {
        let id = client.client_id;
        let secret = match &client.secret_sealed {
            Some(sealed) => {
                let plain = self.open(Sealed::ClientSecret, &id, sealed)?;
                Some(self.seal_for(writer, Secret::ClientSecret, &id, &plain)?)
            }
            None => None,
        };
        let mut added_secrets = Vec::new();
        for added in transfer::list_added_secrets(&mut self.db.read().await?, &id).await? {
            let place = row_of(&id, &added.secret_id);
            let plain = self.open(Sealed::AddedClientSecret, &place, &added.secret_sealed)?;
            let place = opened::row_of_added(&id, &added.secret_id);
            let secret = self.seal_for(writer, Secret::AddedSecret, &place, &plain)?;
            added_secrets.push(AddedSecret { id: added.secret_id, secret, created_at: added.created_at.0 });
        }
        let (created_at, modified_at) = (client.created_at.0, client.modified_at.0);
        Ok(ClientLine { id, config: client.config, secret, added_secrets, created_at, modified_at })
    }

    /// Resource servers, groups and domains; the names of the groups by their ids.
    async fn write_the_rest(&self, pool_id: &str, writer: &mut Writer) -> Result<HashMap<String, String>, Failure> {
        let mut after = String::new();
        loop {
            let page = transfer::list_resource_servers(&mut self.db.read().await?, pool_id, &after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.identifier);
            for server in page {
                let scopes = serde_json::from_str(&server.scopes).map_err(Error::internal)?;
                let line = ResourceServerLine { identifier: server.identifier, name: server.name, scopes };
                writer.write(&Line::ResourceServer(line))?;
            }
        }

        let mut groups = HashMap::new();
        after.clear();
        loop {
            let page = transfer::list_groups(&mut self.db.read().await?, pool_id, &after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.name);
            for group in page {
                groups.insert(group.group_id.clone(), group.name.clone());
                writer.write(&Line::Group(GroupLine {
                    name: group.name,
                    id: group.group_id,
                    description: group.description,
                    role_arn: group.role_arn,
                    precedence: group.precedence,
                    created_at: group.created_at.0,
                    modified_at: group.modified_at.0,
                }))?;
            }
        }

        for domain in transfer::list_domains(&mut self.db.read().await?, pool_id).await? {
            let config = serde_json::from_str(&domain.config).map_err(Error::internal)?;
            let (created_at, modified_at) = (domain.created_at.0, domain.modified_at.0);
            writer.write(&Line::Domain(DomainLine { domain: domain.domain, config, created_at, modified_at }))?;
        }
        Ok(groups)
    }

    /// The next page is read while this one is sealed and written.
    async fn write_users(
        self: &Arc<Self>,
        pool_id: &str,
        work: &mut Work,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<(), Failure> {
        let mut next = self.read_page(pool_id, &work.after);
        loop {
            let Page { users, members, pending } = next.await.map_err(Error::internal)??;
            let Some(last) = users.last() else { return Ok(()) };
            next = self.read_page(pool_id, &last.id);

            let mut members = members.into_iter().peekable();
            let mut pending = pending.into_iter().peekable();
            for user in users {
                let mut groups = Vec::new();
                while let Some(member) = members.next_if(|member| member.user_id <= user.id) {
                    let name = work.groups.get(&member.group_id).filter(|_| member.user_id == user.id);
                    groups.extend(name.map(|name| Membership { group: name.clone(), added_at: member.added_at.0 }));
                }
                let mut waiting = Vec::new();
                while let Some(one) = pending.next_if(|one| one.user_id <= user.id) {
                    if one.user_id == user.id {
                        let PendingRow { attribute, value, asked_at, .. } = one;
                        waiting.push(Pending { attribute, value, asked_at: asked_at.0 });
                    }
                }
                let line = self.user_line(user, (groups, waiting), &work.writer)?;
                work.writer.write(&Line::User(Box::new(line)))?;
            }
            progress(work.writer.counts().users);
        }
    }

    fn user_line(&self, user: User, has: (Vec<Membership>, Vec<Pending>), writer: &Writer) -> Result<UserLine> {
        let row = row_of(&user.pool_id, &user.id);
        let password = match &user.password {
            Some(stored) => {
                let plain = self.open(Sealed::UserVerifier, &row, &stored.verifier_sealed)?;
                Some(PasswordLine {
                    salt: Bytes(stored.salt.to_vec()),
                    verifier: self.seal_for(writer, Secret::Verifier, &user.id, &plain)?,
                    expires_at: stored.expires_at.map(|moment| moment.0),
                })
            }
            None => None,
        };
        let password_history = match &user.password_history_sealed {
            Some(sealed) => {
                let plain = self.open(Sealed::UserPasswordHistory, &row, sealed)?;
                Some(self.seal_for(writer, Secret::PasswordHistory, &user.id, &plain)?)
            }
            None => None,
        };
        let (groups, pending) = has;
        Ok(UserLine {
            id: user.id,
            username: user.username,
            status: user.status.name().to_owned(),
            enabled: user.enabled,
            attributes: user.attributes,
            password,
            password_history,
            groups,
            pending,
            created_at: user.created_at.0,
            modified_at: user.modified_at.0,
        })
    }

    fn seal_for(&self, writer: &Writer, secret: Secret, row: &str, plain: &[u8]) -> Result<Bytes> {
        writer.keys().seal(secret, row, plain, self.entropy.as_ref()).map(Bytes)
    }

    fn read_page(self: &Arc<Self>, pool_id: &str, after: &str) -> JoinHandle<Result<Page>> {
        let (app, pool_id, after) = (Arc::clone(self), pool_id.to_owned(), after.to_owned());
        tokio::spawn(async move {
            let mut tx = app.db.read().await?;
            let users = user_search::list_by_id(&mut tx, &pool_id, &after, PAGE).await?;
            let Some(last) = users.last() else { return Ok(Page::default()) };
            let members = transfer::list_members(&mut tx, &pool_id, &after, &last.id).await?;
            let pending = transfer::list_pending(&mut tx, &pool_id, &after, &last.id).await?;
            Ok(Page { users, members, pending })
        })
    }
}

/// Users behind one another, with what belongs to them, in their order.
#[derive(Default)]
struct Page {
    users: Vec<User>,
    members: Vec<MemberRow>,
    pending: Vec<PendingRow>,
}

/// An export under way.
struct Work {
    writer: Writer,
    /// Names by id.
    groups: HashMap<String, String>,
    /// The user that was written last.
    after: String,
}

enum Found {
    Nothing,
    Part(Box<Work>),
    /// Only its name was missing.
    Whole(Footer),
}

/// What an earlier run has left: verified to its last whole line, and cut off behind it.
fn resume(file: &File, pool_id: &str, key: &MasterKey) -> Result<Found, Failure> {
    let mut at = file.try_clone()?;
    at.seek(SeekFrom::Start(0))?;
    let Some(mut reader) = LineReader::open_part(BufReader::with_capacity(1 << 20, at), key)? else {
        return Ok(Found::Nothing);
    };
    if reader.header().pool_id != pool_id {
        let other = &reader.header().pool_id;
        return Err(Failure::State(format!("an unfinished export of pool {other} lies there: remove it")));
    }
    let mut groups = HashMap::new();
    while let Some(line) = reader.next_whole_line()? {
        if let Line::Group(group) = line {
            groups.insert(group.id, group.name);
        }
    }
    let length = reader.bytes();
    let (keys, chain, course) = reader.into_parts();
    if course.has_ended() {
        return Ok(Found::Whole(course.counts()));
    }
    let Some(after) = course.last_user().map(str::to_owned) else { return Ok(Found::Nothing) };

    file.set_len(length)?;
    let mut at = file.try_clone()?;
    at.seek(SeekFrom::End(0))?;
    let out = BufWriter::with_capacity(1 << 20, at);
    let writer = LineWriter::resume(out, keys, chain, course.counts());
    Ok(Found::Part(Box::new(Work { writer, groups, after })))
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// Durable first, then under its name.
fn publish(file: &File, part: &Path, path: &Path) -> Result<(), Failure> {
    file.sync_all()?;
    fs::rename(part, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()?;
    Ok(())
}
