//! Files that hold secrets: only their owner may read them, or they are refused.

use std::fs::{self, File, Metadata};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use zeroize::Zeroizing;

/// A secret is short; what is longer is some other file.
const LONGEST: u64 = 64 * 1024;

/// The sentence that says why this file may not hold a secret.
pub(crate) fn check(path: &Path) -> Result<(), String> {
    let metadata = fs::metadata(path).map_err(|error| format!("cannot be read: {error}"))?;
    judge(&metadata)
}

/// The file's text without the white space around it.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, String> {
    let cannot = |error: std::io::Error| format!("cannot be read: {error}");
    let mut file = File::open(path).map_err(cannot)?;
    judge(&file.metadata().map_err(cannot)?)?;
    let mut text = Zeroizing::new(String::new());
    file.by_ref().take(LONGEST).read_to_string(&mut text).map_err(cannot)?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

fn judge(metadata: &Metadata) -> Result<(), String> {
    if !metadata.is_file() {
        return Err("is no file".into());
    }
    let mode = metadata.permissions().mode() & 0o777;
    let for_others = mode & 0o077;
    if for_others == 0 {
        return Ok(());
    }
    Err(format!("has mode {mode:04o}, so that others can read or change it; `chmod 600` makes it its owner's"))
}
