//! What `export` and `import` share: the bar, and how a failure is told.

use std::path::Path;

use cognate_engine::transfer::{Failure, Footer};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::open;
use crate::settings::{Refusal, Refused};

/// Drawn on standard error, and only where that is a terminal.
pub(super) fn bar(length: u64, what: &'static str, bytes: bool) -> anyhow::Result<ProgressBar> {
    let counted = if bytes { "{bytes}/{total_bytes}" } else { "{human_pos}/{human_len}" };
    let style =
        ProgressStyle::with_template(&format!("{{prefix:>9}} {{bar:40}} {counted}, {{per_sec}}, {{eta}} left"))?;
    Ok(ProgressBar::new(length).with_style(style).with_prefix(what))
}

/// A file that is refused and a store that forbids it changed nothing: exit code 2. Everything else is 1.
pub(super) fn told(failure: Failure, file: &Path) -> anyhow::Error {
    let name = file.display().to_string();
    match failure {
        Failure::File(flaws) => {
            let refusals =
                flaws.into_iter().map(|flaw| Refusal::new(format!("{name}, line {}", flaw.line), flaw.reason));
            Refused(refusals.collect()).into()
        }
        Failure::State(reason) => Refused::one(name, reason).into(),
        Failure::Io(error) => anyhow::anyhow!("{name}: {error}"),
        Failure::Store(error) => open::said(&error),
    }
}

pub(super) fn counted(counts: &Footer) -> String {
    format!(
        "{} users, {} groups, {} clients, {} resource servers, {} domains, {} signing keys",
        counts.users, counts.groups, counts.clients, counts.resource_servers, counts.domains, counts.signing_keys
    )
}

pub(super) fn as_json(counts: &Footer) -> Value {
    json!({
        "users": counts.users,
        "groups": counts.groups,
        "clients": counts.clients,
        "resourceServers": counts.resource_servers,
        "domains": counts.domains,
        "signingKeys": counts.signing_keys,
    })
}
