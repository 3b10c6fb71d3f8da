//! Files of the repository, named from its root.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn read(name: &str) -> Result<String> {
    fs::read_to_string(root().join(name)).with_context(|| format!("cannot read {name}"))
}

/// Empty if there is no such file.
pub(crate) fn read_or_empty(name: &str) -> Result<String> {
    if root().join(name).exists() { read(name) } else { Ok(String::new()) }
}

/// Writes the file, or with `check` says how to mend the drift.
pub(crate) fn settle(name: &str, content: &str, check: bool, mend: &str) -> Result<Option<String>> {
    if read_or_empty(name)? == content {
        return Ok(None);
    }
    if check {
        return Ok(Some(format!("{name} has drifted: run `{mend}` and commit the result")));
    }
    fs::write(root().join(name), content).with_context(|| format!("cannot write {name}"))?;
    Ok(None)
}

/// All files below `folder` whose name ends with `.{extension}`, sorted, as names from the root.
pub(crate) fn below(folder: &str, extension: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let start = root().join(folder);
    if start.is_dir() {
        collect(&start, folder, extension, &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, name: &str, extension: &str, found: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {name}"))? {
        let entry = entry?;
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &path, extension, found)?;
        } else if entry.path().extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    Ok(())
}
