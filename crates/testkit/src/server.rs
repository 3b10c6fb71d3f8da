//! A private PostgreSQL server in a temporary folder, reached through a Unix socket there.
//!
//! A shell watches over it: it holds the reading end of a pipe whose other end is ours, and when that closes, however
//! this process ends, it stops the server and removes the folder. The shell leads a process group of its own, so that
//! whoever kills the tests' group does not kill the watch with it.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A socket's path may have 107 bytes; a longer temporary folder is passed over for this one.
const SHORT: &str = "/tmp";
const PATIENCE: Duration = Duration::from_mins(1);
const ADMIN: &str = "cognate";

const WATCH: &str = r#"
"$1" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=200 -c fsync="$3" -c full_page_writes="$3" \
    >"$2/log" 2>&1 </dev/null &
server=$!
read -r _
kill -INT $server 2>/dev/null
wait $server
rm -rf "$2"
"#;

/// Runs until it is dropped or this process ends.
pub struct Server {
    folder: PathBuf,
    watch: Child,
}

impl Server {
    /// `durable` servers sync every COMMIT as in production; the others are for runs that measure nothing.
    ///
    /// The databases' own collation is ICU's English where the server has ICU, so that a query which forgets to be
    /// bytewise is found out.
    pub fn start(durable: bool) -> Result<Self, String> {
        let (initdb, postgres) = (program("initdb")?, program("postgres")?);
        let user = unprivileged()?;

        let folder = tempfile::Builder::new().prefix("cognate-pg-").tempdir_in(short_folder()).map_err(said)?.keep();
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).map_err(said)?;
        }
        if let Err(why) = prepare(&initdb, user, &folder) {
            let _ = fs::remove_dir_all(&folder);
            return Err(why);
        }

        let watch = command(Path::new("sh"), user, &folder)
            .args(["-c", WATCH, "watch"])
            .args([&postgres, &folder])
            .arg(if durable { "on" } else { "off" })
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(said)?;
        let mut server = Self { folder, watch };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// An administrator's URL.
    pub fn url(&self) -> String {
        let host: String = self.folder.to_string_lossy().bytes().map(escaped).collect();
        format!("postgres://{ADMIN}@{host}/postgres")
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let until = Instant::now() + PATIENCE;
        loop {
            // The server writes its state into the eighth line, as pg_ctl reads it.
            let state = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
            if state.lines().nth(7).is_some_and(|line| line.trim() == "ready") {
                return Ok(());
            }
            let log = || fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            if log().contains("FATAL") || Instant::now() > until {
                return Err(format!("PostgreSQL did not start:\n{}", log()));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watch.stdin.take()); // the watch sees the end of the pipe
        let _ = self.watch.wait();
    }
}

fn prepare(initdb: &Path, user: Option<(u32, u32)>, folder: &Path) -> Result<(), String> {
    const ICU: [&str; 2] = ["--locale-provider=icu", "--icu-locale=en-US"];

    let make = |locale: &[&str]| {
        command(initdb, user, folder)
            .args(["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--username", ADMIN])
            .args(locale)
            .arg("--pgdata")
            .arg(folder.join("data"))
            .stdin(Stdio::null())
            .output()
            .map_err(said)
    };
    if make(&ICU)?.status.success() {
        return Ok(());
    }
    let _ = fs::remove_dir_all(folder.join("data"));
    let without = make(&[])?;
    if without.status.success() {
        return Ok(());
    }
    Err(format!("initdb failed: {}", String::from_utf8_lossy(&without.stderr)))
}

fn command(program: &Path, user: Option<(u32, u32)>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

#[expect(clippy::disallowed_methods, reason = "PATH is asked for as a shell would")]
fn program(name: &str) -> Result<PathBuf, String> {
    let on_path = std::env::var("PATH").unwrap_or_default();
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    versions.sort();
    std::env::split_paths(&on_path)
        .chain(versions.into_iter().rev())
        .map(|folder| folder.join(name))
        .find(|file| fs::metadata(file).is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0))
        .ok_or_else(|| {
            format!(
                "PostgreSQL's `{name}` was found neither on PATH nor in /usr/lib/postgresql/*/bin. Install the \
                 PostgreSQL server (package `postgresql`), or name a running one by {}=postgres://ADMIN@HOST/postgres",
                crate::databases::SERVER
            )
        })
}

/// PostgreSQL refuses to run as root, so root lends it the user `nobody`.
fn unprivileged() -> Result<Option<(u32, u32)>, String> {
    if !is_root()? {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").map_err(said)?;
    let nobody = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, _, uid, gid) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        (name == "nobody").then_some((uid.parse().ok()?, gid.parse().ok()?))
    });
    nobody.map(Some).ok_or_else(|| "PostgreSQL does not run as root, and there is no user `nobody`".to_owned())
}

/// Asked of a file that we make: whose it is, we are.
fn is_root() -> Result<bool, String> {
    use std::os::unix::fs::MetadataExt;

    let file = tempfile::tempfile().map_err(said)?;
    Ok(file.metadata().map_err(said)?.uid() == 0)
}

fn short_folder() -> PathBuf {
    let folder = std::env::temp_dir();
    if folder.as_os_str().len() > 60 { PathBuf::from(SHORT) } else { folder }
}

fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
        char::from(byte).into()
    } else {
        format!("%{byte:02X}")
    }
}

fn said(error: impl std::fmt::Display) -> String {
    format!("a PostgreSQL server for the tests: {error}")
}
