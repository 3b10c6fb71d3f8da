//! Why a start is refused. All of them are collected before any is shown, so that nobody mends one only to meet the next.

use std::fmt;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The setting, variable or thing that is refused, as its owner would name it.
    pub(crate) name: String,
    pub(crate) reason: String,
}

impl Refusal {
    pub(crate) fn new(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { name: name.into(), reason: reason.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.reason)
    }
}

/// What stops a command before it has changed anything. Exit code 2.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) Vec<Refusal>);

impl Refused {
    pub(crate) fn one(name: impl Into<String>, reason: impl Into<String>) -> Self {
        Self(vec![Refusal::new(name, reason)])
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, refusal) in self.0.iter().enumerate() {
            write!(f, "{}  {refusal}", if at == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}

/// A value, and everything that speaks against using it. Where a part was refused, a default stands in its place, so
/// that the rest can still be judged.
pub(crate) struct Judged<T> {
    pub(crate) value: T,
    pub(crate) refusals: Vec<Refusal>,
}

impl<T> Judged<T> {
    pub(crate) fn accepted(self) -> Result<T, Refused> {
        if self.refusals.is_empty() { Ok(self.value) } else { Err(Refused(self.refusals)) }
    }

    /// Goes on with what `step` makes of the value; its refusals join the others. `None` if it made nothing.
    pub(crate) fn and<U>(&mut self, step: impl FnOnce(&T) -> Result<U, Refused>) -> Option<U> {
        step(&self.value).map_err(|Refused(more)| self.refusals.extend(more)).ok()
    }
}
