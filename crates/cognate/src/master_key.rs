//! The master key: made in the data folder in development; from a private file, the environment or a key service's
//! command in production. It is 32 bytes in base64 everywhere.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use cognate_domain::{Entropy, ids};
use cognate_jose::{KeyId, Keyring, MasterKey};
use data_encoding::BASE64;
use zeroize::Zeroizing;

use crate::private_file;
use crate::seams::SystemEntropy;
use crate::settings::{KeySource, Keys, Refusal, Refused};

/// How long a key service may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The keys, and the ids of those that can open.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) keyring: Keyring,
    pub(crate) ids: Vec<KeyId>,
}

/// Reads every key; all that cannot be read are refused at once.
pub(crate) fn open(keys: &Keys) -> Result<Opened, Refused> {
    let mut refusals = Vec::new();
    let current = keys.current.as_ref().and_then(|key| read(key).map_err(|refusal| refusals.push(refusal)).ok());
    let previous: Vec<_> =
        keys.previous.iter().filter_map(|key| read(key).map_err(|refusal| refusals.push(refusal)).ok()).collect();
    match current {
        Some(current) if refusals.is_empty() => {
            let ids = std::iter::once(&current).chain(&previous).map(MasterKey::id).collect();
            Ok(Opened { keyring: Keyring::new(current, previous), ids })
        }
        _ => Err(Refused(refusals)),
    }
}

fn read(source: &KeySource) -> Result<MasterKey, Refusal> {
    let (name, text) = match source {
        KeySource::MadeAt(path) => (path.display().to_string(), made_at(path)),
        KeySource::File(path) => (format!("master key file {}", path.display()), private_file::read(path)),
        KeySource::Text(text) => ("keys.master_key".into(), Ok(text.clone())),
        KeySource::Command(command) => ("keys.master_key_command".into(), said_by(command)),
    };
    text.and_then(|text| decode(&text)).map_err(|reason| Refusal::new(name, reason))
}

pub(crate) fn decode(text: &str) -> Result<MasterKey, String> {
    let wrong = || "is not 32 bytes in base64 (44 characters)".to_owned();
    let bytes = Zeroizing::new(BASE64.decode(text.trim().as_bytes()).map_err(|_| wrong())?);
    Ok(MasterKey::from_bytes(bytes.as_slice().try_into().map_err(|_| wrong())?))
}

/// Two processes may start at once on one folder: the file appears whole, and only the first one's stays.
pub(crate) fn made_at(path: &Path) -> Result<Zeroizing<String>, String> {
    if !path.exists() {
        make(path, &SystemEntropy).map_err(|error| format!("cannot be made: {error}"))?;
    }
    private_file::read(path)
}

fn make(path: &Path, entropy: &dyn Entropy) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let key = Zeroizing::new(ids::random::<32>(entropy));
    let mut file = tempfile::NamedTempFile::new_in(folder)?; // of mode 0600
    writeln!(file, "{}", Zeroizing::new(BASE64.encode(key.as_slice())).as_str())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => fs::File::open(folder)?.sync_all(),
        Err(lost) if lost.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(lost) => Err(lost.error),
    }
}

/// The command's standard output. Its standard error goes to ours, so that its own words reach the operator.
fn said_by(command: &str) -> Result<Zeroizing<String>, String> {
    let child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .map_err(|error| format!("cannot be run: {error}"))?;
    let id = child.id();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || tell.send(child.wait_with_output()));
    let output = told
        .recv_timeout(PATIENCE)
        .map_err(|_| format!("did not end within {} seconds (process {id})", PATIENCE.as_secs()))?
        .map_err(|error| format!("cannot be read: {error}"))?;
    let said = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(format!("failed: {}", output.status));
    }
    let text = std::str::from_utf8(&said).map_err(|_| "said something that is not text".to_owned())?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    use super::{KeySource, Keys, open};

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn only(current: KeySource) -> Keys {
        Keys { current: Some(current), previous: Vec::new() }
    }

    fn refusal(keys: &Keys) -> String {
        open(keys).unwrap_err().to_string()
    }

    #[test]
    fn a_key_is_made_once_and_only_its_owner_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data/master.key");

        let first = open(&only(KeySource::MadeAt(path.clone()))).unwrap();
        let again = open(&only(KeySource::MadeAt(path.clone()))).unwrap();

        assert_eq!(first.keyring.current_id(), again.keyring.current_id());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_key_that_others_can_read_is_refused_by_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        std::fs::write(&path, KEY).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();

        for source in [KeySource::MadeAt(path.clone()), KeySource::File(path.clone())] {
            let refusal = refusal(&only(source));
            assert!(refusal.contains("mode 0640") && refusal.contains("master.key"), "{refusal}");
        }
    }

    #[test]
    fn a_commands_output_is_the_key() {
        let by_command = open(&only(KeySource::Command(format!("echo {KEY}")))).unwrap();
        let by_text = open(&only(KeySource::Text(KEY.to_owned().into()))).unwrap();
        assert_eq!(by_command.keyring.current_id(), by_text.keyring.current_id());
    }

    #[test]
    fn every_key_that_cannot_be_read_is_named() {
        let keys = Keys {
            current: Some(KeySource::Command("exit 3".into())),
            previous: vec![
                KeySource::File(PathBuf::from("/nowhere/old.key")),
                KeySource::Text("c2hvcnQ=".to_owned().into()),
            ],
        };
        let refused = open(&keys).unwrap_err();
        assert_eq!(refused.0.len(), 3, "{refused}");
        assert!(refused.to_string().contains("keys.master_key_command: failed"), "{refused}");
        assert!(!refused.to_string().contains("c2hvcnQ="), "a refusal must not repeat a key");
    }
}
