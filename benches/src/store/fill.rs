//! Filling a store in bulk: an export file of people with real verifiers, made once for each number of them, is imported
//! as an operator would import it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::{Kept, Place, run};
use crate::report::progress;
use crate::site::{Key, Pool};

/// What `people-file` says of a file it made.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct People {
    user_pool_id: String,
    client_id: String,
    users: u64,
}

pub(super) fn fill(place: &Place, folder: &Path, users: u64) -> Result<Kept> {
    let (file, key_file, people) = people(place, users)?;
    progress(&format!("importing {users} users"));
    let config = folder.join("cognate.toml");
    let mut import = Command::new(&place.binary);
    import.arg("import").arg(&file).arg("--key-file").arg(&key_file).arg("--config").arg(&config).arg("--json");
    watched(&mut import)?;
    let mut create = Command::new(&place.binary);
    let made = run(create.args(["keys", "create", "--json", "--config"]).arg(&config))?;
    let key: Key = serde_json::from_slice(&made)?;
    let pool = Pool { id: people.user_pool_id, client_id: people.client_id, users: people.users };
    Ok(Kept { key, pool })
}

/// The export file, its key, and what is in it.
fn people(place: &Place, users: u64) -> Result<(PathBuf, PathBuf, People)> {
    let folder = place.folder.join("people");
    fs::create_dir_all(&folder)?;
    let [file, key_file, about] = ["jsonl", "key", "json"].map(|kind| folder.join(format!("{users}.{kind}")));
    if !about.exists() {
        progress(&format!("making a file of {users} users"));
        let program = place.programs.join("people-file");
        let mut make = Command::new(program);
        let said = watched(make.arg(users.to_string()).arg(&file).arg(&key_file))?;
        fs::write(&about, said)?; // last: it says that the file is whole
    }
    let people = serde_json::from_str(&fs::read_to_string(&about)?).context("what people-file said")?;
    Ok((file, key_file, people))
}

/// Its standard output; what it says on standard error is seen at once.
fn watched(command: &mut Command) -> Result<Vec<u8>> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("{command:?}"))?;
    if output.status.success() { Ok(output.stdout) } else { bail!("{command:?} failed: {}", output.status) }
}
