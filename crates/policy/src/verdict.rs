//! What was decided, and by what.

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub allowed: bool,
    pub reason: Reason,
    /// `grant:ID`, `policy:ID`, or `default:CODE` for a policy of the house.
    pub determining: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    Granted {
        role: String,
        grant: String,
    },
    Permitted {
        policy: String,
    },
    SubjectDisabled,
    /// For anything but reading.
    WorkspaceArchived,
    Forbidden {
        policy: String,
    },
    /// Of the tenant; nothing else permits it either.
    NotAMember,
    NoGrant,
    /// The log has more. `policy`: an operator's, if it was one.
    Failed {
        policy: Option<String>,
    },
}

impl Reason {
    /// Never changes: products and operators hold on to it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Granted { .. } => "granted_by_role",
            Self::Permitted { .. } => "permitted_by_policy",
            Self::SubjectDisabled => "subject_disabled",
            Self::WorkspaceArchived => "workspace_archived",
            Self::Forbidden { .. } => "forbidden_by_policy",
            Self::NotAMember => "not_a_member",
            Self::NoGrant => "no_grant",
            Self::Failed { .. } => "evaluation_failed",
        }
    }

    const fn allows(&self) -> bool {
        matches!(self, Self::Granted { .. } | Self::Permitted { .. })
    }
}

impl Verdict {
    pub(crate) fn of(reason: Reason, determining: Vec<String>) -> Self {
        Self { allowed: reason.allows(), reason, determining }
    }
}
