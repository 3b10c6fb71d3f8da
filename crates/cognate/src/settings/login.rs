//! `[login]`: the pages that people meet at login domains.

use std::path::PathBuf;

use super::Mode;
use super::read::Reader;

pub(crate) struct Login {
    /// An operator's own templates, texts and styles.
    pub(crate) pages: Option<PathBuf>,
    /// Whether login domains are also met below `/domains`.
    pub(crate) by_path: bool,
}

pub(crate) fn read(reader: &mut Reader, mode: Mode) -> Login {
    let pages = reader.path("login.pages");
    if let Some(folder) = pages.as_ref().filter(|folder| !folder.is_dir()) {
        reader.refuse("login.pages", format!("{} is no folder", folder.display()));
    }
    Login { pages, by_path: mode == Mode::Dev || reader.switch("login.domains_by_path") }
}
