//! The engine below the server: SQLite, which needs nothing, or a private PostgreSQL that lives as long as the run and
//! keeps its data below cargo's target folder. It is durable, and tuned as little as Cognate is.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use tempfile::TempDir;

use crate::store::run;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

pub(crate) enum Database {
    Sqlite,
    Postgres(Cluster),
}

impl Database {
    pub(crate) fn start(engine: Engine, folder: &Path) -> Result<Self> {
        match engine {
            Engine::Sqlite => Ok(Self::Sqlite),
            Engine::Postgres => Cluster::start(&folder.join("postgres")).map(Self::Postgres),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    pub(crate) fn url(&self, folder: &Path, name: &str) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}/data/cognate.db", folder.display()),
            Self::Postgres(cluster) => {
                format!("postgres://bench@{}/{name}", cluster.socket.path().display().to_string().replace('/', "%2F"))
            }
        }
    }

    /// An empty database, in the place of an older one.
    pub(crate) fn make(&self, name: &str) -> Result<()> {
        let Self::Postgres(cluster) = self else { return Ok(()) };
        cluster.drop_and_create(name, "template0")
    }

    /// What lies in the store's folder is copied by who calls; this copies what does not.
    pub(crate) fn copy(&self, from: &str, to: &str) -> Result<()> {
        let Self::Postgres(cluster) = self else { return Ok(()) };
        cluster.drop_and_create(to, from)
    }

    /// What a server does by itself some minutes after so many rows came.
    pub(crate) fn settle(&self, name: &str) -> Result<()> {
        let Self::Postgres(cluster) = self else { return Ok(()) };
        run(cluster.program("vacuumdb").args(["--analyze", name])).map(drop)
    }

    pub(crate) fn pid(&self) -> Option<u32> {
        match self {
            Self::Sqlite => None,
            Self::Postgres(cluster) => Some(cluster.child.id()),
        }
    }
}

pub(crate) struct Cluster {
    programs: PathBuf,
    socket: TempDir,
    child: Child,
}

impl Cluster {
    fn start(folder: &Path) -> Result<Self> {
        let programs = programs()?;
        let user = unprivileged()?;
        fs::create_dir_all(folder)?;
        let socket = tempfile::Builder::new().prefix("cognate-bench-").tempdir_in("/tmp")?; // a socket's path is short
        if let Some((uid, gid)) = user {
            chown(folder, Some(uid), Some(gid))?;
            chown(socket.path(), Some(uid), Some(gid))?;
        }
        let data = folder.join("data");
        if !data.join("PG_VERSION").exists() {
            let mut initdb = command(&programs.join("initdb"), user, folder);
            initdb.args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=bench", "--pgdata"]);
            run(initdb.arg(&data))?;
        }
        let log = fs::File::create(folder.join("log"))?;
        let child = command(&programs.join("postgres"), user, folder)
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(socket.path())
            .args(["-c", "listen_addresses=", "-c", "shared_buffers=1GB", "-c", "max_wal_size=4GB"])
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let cluster = Self { programs, socket, child };
        cluster.wait_until_ready(&data)?;
        Ok(cluster)
    }

    fn wait_until_ready(&self, data: &Path) -> Result<()> {
        let until = Instant::now() + Duration::from_mins(2);
        while Instant::now() < until {
            let state = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
            let ours = state.lines().next() == Some(self.child.id().to_string().as_str());
            if ours && state.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("PostgreSQL did not start; its log is beside {}", data.display())
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.arg("-h").arg(self.socket.path()).args(["-U", "bench"]);
        command
    }

    /// Bytes of a database.
    pub(crate) fn size(&self, url: &str) -> Result<u64> {
        let (_, name) = url.rsplit_once('/').context("no database")?;
        let ask = "SELECT pg_database_size(current_database())";
        let said = run(self.program("psql").args(["-q", "-A", "-t", "-d", name, "-c", ask]))?;
        Ok(String::from_utf8(said)?.trim().parse()?)
    }

    fn drop_and_create(&self, name: &str, template: &str) -> Result<()> {
        run(self.program("dropdb").args(["--if-exists", "--force", name]))?;
        run(self.program("createdb").args(["--template", template, name]))?;
        run(self.program("psql").args(["-q", "-d", name, "-c", "CHECKPOINT"])).map(drop)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg("-INT").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn command(program: &Path, user: Option<(u32, u32)>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

/// Those of the newest server.
fn programs() -> Result<PathBuf> {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let version = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    let newest = installed.map(|entry| entry.path()).max_by_key(version);
    let bin = newest.context("PostgreSQL is not installed: the package is called `postgresql`")?.join("bin");
    if bin.join("initdb").exists() { Ok(bin) } else { bail!("{} has no initdb", bin.display()) }
}

/// PostgreSQL refuses to run as root, who lends it the user `nobody`.
fn unprivileged() -> Result<Option<(u32, u32)>> {
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let nobody = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, _, uid, gid) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        (name == "nobody").then_some((uid.parse().ok()?, gid.parse().ok()?))
    });
    nobody.map(Some).context("there is no user `nobody`")
}
