//! `[keys]`: where the master key comes from. What it says is read by `master_key`, not here.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::read::Reader;
use super::{Mode, Store};
use crate::private_file;

/// Where one master key is.
#[derive(Clone)]
pub(crate) enum KeySource {
    /// Made there if it is not: development only.
    MadeAt(PathBuf),
    File(PathBuf),
    Text(Zeroizing<String>),
    Command(String),
}

pub(crate) struct Keys {
    /// `None` only where that has been refused.
    pub(crate) current: Option<KeySource>,
    pub(crate) previous: Vec<KeySource>,
}

impl Keys {
    /// For a store that is sealed already: a new key could open nothing, so the key must be there.
    pub(crate) fn must_exist(&mut self) {
        if let Some(KeySource::MadeAt(path)) = &self.current {
            self.current = Some(KeySource::File(path.clone()));
        }
    }
}

pub(crate) fn read(reader: &mut Reader, mode: Mode, store: &Store) -> Keys {
    let current = match mode {
        Mode::Dev => Some(KeySource::MadeAt(store.data.join("master.key"))),
        Mode::Serve => current(reader),
    };
    let files = reader.list("keys.previous_master_key_files").into_iter().map(|file| KeySource::File(file.into()));
    let texts = reader.list("keys.previous_master_keys").into_iter().map(|text| KeySource::Text(Zeroizing::new(text)));
    let previous = files.chain(texts).collect();
    secret_in_an_open_file(reader, "keys.master_key");
    secret_in_an_open_file(reader, "keys.previous_master_keys");
    Keys { current, previous }
}

fn current(reader: &mut Reader) -> Option<KeySource> {
    let file = reader.path("keys.master_key_file").map(KeySource::File);
    let text = reader.secret("keys.master_key").map(KeySource::Text);
    let command = reader.text("keys.master_key_command").map(KeySource::Command);
    let mut found = [file, text, command].into_iter().flatten();
    let one = found.next();
    if found.next().is_some() {
        let reason = "is given more than once: name one of master_key_file, master_key, master_key_command";
        reader.refuse("keys.master_key", reason);
        return None;
    }
    if one.is_none() && !reader.has_refused("keys.master_key") {
        let reason = "is missing: name a master_key_file, a master_key_command, or COGNATE__KEYS__MASTER_KEY. \
                      `head -c 32 /dev/urandom | base64` makes one";
        reader.refuse("keys.master_key", reason);
    }
    one
}

/// A secret that stands in a configuration file is only as safe as that file.
pub(crate) fn secret_in_an_open_file(reader: &mut Reader, name: &str) {
    let Some(file) = reader.given(name).and_then(|given| given.origin.strip_prefix("file ")).map(PathBuf::from) else {
        return;
    };
    if let Err(reason) = private_file::check(&file) {
        reader.refuse(name, format!("is a secret, and its file {reason}"));
    }
}
