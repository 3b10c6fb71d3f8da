//! Filled stores, kept below cargo's target folder so that a second run starts at once. A run works on a copy.

mod directory;
mod fill;
mod sessions;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use crate::database::Database;
use crate::site::{Key, Pool, REGION, Site};

/// Any 32 bytes.
const MASTER_KEY: &str = "YSBtYXN0ZXIga2V5IGZvciB0aGUgYmVuY2hlcyBvbmw=";
const KEPT: &str = "bench.json";
const SCHEMA: &str = "schema.sql";
/// Where this project says what a store looks like.
const MIGRATIONS: &str = "crates/store/migrations";

/// What the harness knows of a store it filled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) key: Key,
    pub(crate) pool: Pool,
}

/// Where everything lies.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The server's binary.
    pub(crate) binary: PathBuf,
    /// Where this program and `people-file` lie.
    pub(crate) programs: PathBuf,
    /// Below cargo's target folder.
    pub(crate) folder: PathBuf,
    /// Tables that are kept with the project.
    pub(crate) published: PathBuf,
}

/// A store that a server can be started on.
pub(crate) struct Store {
    pub(crate) folder: PathBuf,
    pub(crate) kept: Kept,
    /// The database, as the server's configuration names it.
    pub(crate) url: String,
}

impl Store {
    pub(crate) fn site(&self, address: &str) -> Site {
        let (key, pool) = (self.kept.key.clone(), self.kept.pool.clone());
        Site { address: address.to_owned(), key, pool, login: None }
    }
}

impl Place {
    /// A copy of the store with so many users, which is filled first if need be.
    pub(crate) fn copy(&self, database: &Database, users: u64) -> Result<Store> {
        self.copy_to("work", database, users)
    }

    /// The same under a name, where one copy is not enough.
    pub(crate) fn copy_to(&self, copy: &str, database: &Database, users: u64) -> Result<Store> {
        let filled = self.filled(database, users)?;
        let folder = self.folder.join(copy);
        clear(&folder)?;
        fs::create_dir_all(&folder)?;
        for name in ["data", "master.key", KEPT] {
            let from = filled.join(name);
            if from.exists() {
                run(Command::new("cp").args(["-r", "--reflink=auto", "--preserve=mode"]).arg(&from).arg(&folder))?;
            }
        }
        let named = format!("bench_{copy}");
        database.copy(&name(database, users), &named)?;
        let url = database.url(&folder, &named);
        let kept: Kept = serde_json::from_str(&fs::read_to_string(folder.join(KEPT))?)?;
        configure(&folder, &url, Some(&kept.pool.client_id))?;
        Ok(Store { folder, kept, url })
    }

    /// A folder for a server that has no store yet.
    pub(crate) fn empty(&self, database: &Database) -> Result<PathBuf> {
        let folder = self.folder.join("empty");
        clear(&folder)?;
        database.make("bench_empty")?;
        lay_out(&folder, &database.url(&folder, "bench_empty"))?;
        Ok(folder)
    }

    fn filled(&self, database: &Database, users: u64) -> Result<PathBuf> {
        let name = name(database, users);
        let folder = self.folder.join("stores").join(&name);
        let schema = schema()?;
        let as_now = fs::read_to_string(folder.join(SCHEMA)).is_ok_and(|had| had == schema);
        if as_now && folder.join(KEPT).exists() {
            return Ok(folder);
        }
        clear(&folder)?;
        database.make(&name)?;
        lay_out(&folder, &database.url(&folder, &name))?;
        let kept = fill::fill(self, &folder, users)?;
        database.settle(&name)?;
        fs::write(folder.join(SCHEMA), schema)?;
        fs::write(folder.join(KEPT), serde_json::to_string_pretty(&kept)?)?; // last: it says that the store is whole
        Ok(folder)
    }
}

/// The text of all migrations: a server refuses a store that was made by another.
fn schema() -> Result<String> {
    let mut files: Vec<_> = fs::read_dir(MIGRATIONS)?.map(|file| Ok(file?.path())).collect::<Result<_>>()?;
    files.sort();
    files.iter().map(|file| Ok(fs::read_to_string(file)?)).collect()
}

/// Of a store's folder, and of its database.
fn name(database: &Database, users: u64) -> String {
    format!("bench_{}_{users}", database.name())
}

pub(crate) fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn lay_out(folder: &Path, url: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    let key = folder.join("master.key");
    fs::write(&key, MASTER_KEY)?;
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600))?;
    configure(folder, url, None)
}

/// The configuration of production; nothing is tuned for the harness. The Auth API is there once its client is.
fn configure(folder: &Path, url: &str, client: Option<&str>) -> Result<()> {
    let at = folder.display();
    let auth_api = client.map(|client| format!("\n[auth_api]\nclient = \"{client}\"\n")).unwrap_or_default();
    let text = format!(
        r#"[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
public_url = "https://id.example.com"
environment = "bench"
region = "{REGION}"

[store]
data = "{at}/data"
database = "{url}"

[keys]
master_key_file = "{at}/master.key"
{auth_api}"#
    );
    Ok(fs::write(folder.join("cognate.toml"), text)?)
}

pub(crate) fn run(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}
