//! A server under measurement: its process, its addresses, how long it took to be ready.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::proc;

/// Background work begins a second after the start.
const FIRST_WORK: Duration = Duration::from_millis(1500);
const CALM: Duration = Duration::from_millis(500);
const SETTLES_WITHIN: Duration = Duration::from_mins(1);

pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    /// From its start to its first answer that says so.
    pub(crate) ready_in: Duration,
}

impl Server {
    pub(crate) fn start(binary: &Path, folder: &Path) -> Result<Self> {
        let log = File::create(folder.join("server.log"))?;
        let began = Instant::now();
        let mut child = Command::new(binary)
            .arg("serve")
            .arg("--config")
            .arg(folder.join("cognate.toml"))
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("{} cannot be started", binary.display()))?;
        let mut said = String::new();
        let out = child.stdout.take().context("no standard output")?;
        BufReader::new(out).read_line(&mut said)?;
        let mut addresses = said.split([' ', ';', '\n']).filter(|word| word.starts_with("127."));
        let (Some(address), Some(admin)) = (addresses.next(), addresses.next()) else {
            let _ = child.wait();
            let log = fs::read_to_string(folder.join("server.log")).unwrap_or_default();
            bail!("the server did not start: {said}{log}");
        };
        let address = address.to_owned();
        ready(admin)?;
        Ok(Self { child, address, ready_in: began.elapsed() })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the background work of the first seconds (a stock of signing keys is made), which is nobody's request.
    pub(crate) async fn settle(&self) -> Result<()> {
        let until = Instant::now() + SETTLES_WITHIN;
        tokio::time::sleep(FIRST_WORK).await;
        while Instant::now() < until {
            let before = proc::cpu(self.pid())?;
            tokio::time::sleep(CALM).await;
            if proc::cpu(self.pid())? <= before + proc::TICK {
                return Ok(());
            }
        }
        bail!("the server did not come to rest within {} seconds", SETTLES_WITHIN.as_secs())
    }

    /// As an operator would, so that the store's log goes into its file.
    pub(crate) fn stop(mut self) -> Result<()> {
        let told = Command::new("kill").arg("-TERM").arg(self.pid().to_string()).status()?;
        let ended = self.child.wait()?;
        if told.success() && ended.success() { Ok(()) } else { bail!("the server ended with {ended}") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ready(admin: &str) -> Result<()> {
    let mut stream = TcpStream::connect(admin)?;
    stream.write_all(b"GET /health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    if answer.starts_with("HTTP/1.1 200") { Ok(()) } else { bail!("not ready: {answer}") }
}

/// The bare echo.
pub(crate) struct Echo {
    child: Child,
    _stdin: Option<ChildStdin>,
    pub(crate) address: String,
}

impl Echo {
    pub(crate) fn start(length: usize) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["echo", &length.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut address = String::new();
        let out = child.stdout.take().context("no standard output")?;
        BufReader::new(out).read_line(&mut address)?;
        let stdin = child.stdin.take();
        Ok(Self { child, _stdin: stdin, address: address.trim().to_owned() })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
