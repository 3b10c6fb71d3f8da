//! The export key: 32 bytes in base64, in a file that only its owner can read, or in the environment. Never on the command
//! line, where every process could see it.

use std::path::Path;

use cognate_jose::MasterKey;

use crate::master_key;
use crate::settings::Refused;

/// Not of the family of settings: it belongs to one command, and to no file of settings.
pub(crate) const VARIABLE: &str = "COGNATE_EXPORT_KEY";

/// What becomes of a key file that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// A new key is made, of mode 0600.
    Make,
    Refuse,
}

/// The key of the file, or of the environment where none is named.
pub(crate) fn read(file: Option<&Path>, missing: Missing) -> Result<MasterKey, Refused> {
    let (name, text) = match (file, from_environment()) {
        (Some(path), _) => {
            let name = format!("--key-file {}", path.display());
            (name, if missing == Missing::Make { master_key::made_at(path) } else { crate::private_file::read(path) })
        }
        (None, Some(text)) => (VARIABLE.to_owned(), Ok(text)),
        (None, None) => {
            let reason = format!("is missing: name a file with --key-file, or set {VARIABLE} to 32 bytes in base64");
            return Err(Refused::one("the export key", reason));
        }
    };
    text.and_then(|text| master_key::decode(&text)).map_err(|reason| Refused::one(name, reason))
}

#[expect(clippy::disallowed_methods, reason = "this is where the binary reads it, as the settings read theirs")]
fn from_environment() -> Option<zeroize::Zeroizing<String>> {
    std::env::var(VARIABLE).ok().filter(|text| !text.is_empty()).map(zeroize::Zeroizing::new)
}
