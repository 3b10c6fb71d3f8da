//! The audit log's entries. Each is kept by the write that makes the change: both stand, or neither.

use cognate_domain::directory::AuditEntry;
use cognate_domain::ids;
use serde_json::{Map, Value};

use crate::call::Call;
use crate::caller::Caller;

/// What was changed.
pub(crate) struct Changed<'a> {
    /// `subject.disable`, `role.create`, …
    pub(crate) action: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) id: &'a str,
    pub(crate) workspace: Option<&'a str>,
}

impl Call {
    /// An entry for `audit_log::insert`. `details` hold neither addresses nor secrets.
    pub(crate) fn entry(&self, caller: &Caller, changed: &Changed<'_>, details: Map<String, Value>) -> AuditEntry {
        AuditEntry {
            id: ids::ordered_uuid(self.cx.entropy(), self.cx.now).to_string(),
            at: self.cx.now,
            actor: caller.subject.id.clone(),
            action: changed.action.to_owned(),
            target_kind: changed.kind.to_owned(),
            target: changed.id.to_owned(),
            workspace: changed.workspace.map(str::to_owned),
            details,
            trace: self.trace.clone(),
        }
    }
}
