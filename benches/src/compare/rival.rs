//! A server of somebody else's that runs as long as it is measured.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// A product of somebody else's, as it comes.
pub(super) struct Rival {
    child: Child,
    /// Where it works, and what it leaves for others to read.
    pub(super) data: PathBuf,
    pub(super) address: String,
}

impl Rival {
    /// In a folder of its own, with some files in it.
    pub(super) fn start(folder: &Path, files: &[(&str, &str)], command: &dyn Fn(u16) -> Command) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let data = folder.join("data");
        if data.exists() {
            fs::remove_dir_all(&data)?; // what an earlier run left
        }
        fs::create_dir_all(&data)?;
        for (name, text) in files {
            let file = data.join(name);
            fs::create_dir_all(file.parent().unwrap_or(&data))?;
            fs::write(file, text)?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = File::create(folder.join("log"))?;
        let mut command = command(port);
        let child = command
            .current_dir(&data)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("{command:?}"))?;
        let rival = Self { child, data, address: format!("127.0.0.1:{port}") };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(&rival.address).is_err() {
            if Instant::now() > until {
                bail!("{command:?} does not listen; its log is in {}", folder.display());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(rival)
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Rival {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
