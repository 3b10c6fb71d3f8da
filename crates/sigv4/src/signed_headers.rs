//! The names of the headers that a signature covers, kept as they stand in a request: `host;x-amz-date`.

use crate::characters::{all, word};

const MOST: usize = 64;

/// Lower-case, in ascending order, each once.
pub(crate) struct SignedHeaders(String);

impl SignedHeaders {
    /// Of a signer's own headers, whose names may be in any case and any order.
    pub(crate) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut names: Vec<String> = names.map(str::to_ascii_lowercase).collect();
        names.sort_unstable();
        names.dedup();
        Self(names.join(";"))
    }

    pub(crate) fn read(list: &str) -> Option<Self> {
        let ascending = names(list).is_sorted_by(|one, next| one < next);
        let none_empty = names(list).next() != Some(b""); // nor can a later one be, if they ascend
        let sound = all(list, |byte| byte == b';' || (word(byte) && !byte.is_ascii_uppercase()));
        (ascending && none_empty && sound && names(list).count() <= MOST).then(|| Self(list.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.split(';')
    }

    /// `name` in any case.
    pub(crate) fn contains(&self, name: &str) -> bool {
        names(&self.0).any(|signed| signed.eq_ignore_ascii_case(name.as_bytes()))
    }
}

/// As bytes: looking for a semicolon in text costs more than these short names do.
fn names(list: &str) -> impl Iterator<Item = &[u8]> {
    list.as_bytes().split(|byte| *byte == b';')
}
