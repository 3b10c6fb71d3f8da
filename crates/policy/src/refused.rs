//! Why a policy, a grant or a whole catalogue is not taken.

use std::fmt;

use miette::Diagnostic;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Refused {
    pub origin: Origin,
    /// In the policy's text, where it is known.
    pub at: Option<Position>,
    /// What is wrong; Cedar's own words for a policy.
    pub sentence: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// By its id.
    Policy(String),
    /// By its id.
    Grant(String),
    /// Of all together: too many of them.
    Catalogue,
}

/// Both begin with 1; a column is a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

impl Refused {
    pub(crate) fn new(origin: Origin, at: Option<Position>, sentence: impl Into<String>) -> Self {
        Self { origin, at, sentence: sentence.into() }
    }

    /// A parser's or validator's complaint about this text.
    pub(crate) fn by_cedar(id: &str, source: &str, complaint: &dyn Diagnostic) -> Self {
        let label = complaint.labels().and_then(|mut labels| labels.next());
        let at = label.as_ref().map(|label| Position::of(source, label.offset()));
        let mut sentence = without_number(&complaint.to_string()).to_owned();
        if let Some(more) = label.as_ref().and_then(|label| label.label()) {
            sentence = format!("{sentence}: {more}");
        }
        if let Some(help) = complaint.help() {
            sentence = format!("{sentence} ({})", without_number(&help.to_string()));
        }
        Self::new(Origin::Policy(id.to_owned()), at, sentence)
    }
}

/// The validator names the statement by a number that nobody gave it.
fn without_number(told: &str) -> &str {
    let named = told.strip_prefix("for policy `").and_then(|named| named.split_once("`, "));
    named.map_or(told, |(_, rest)| rest)
}

impl Position {
    pub(crate) fn of(source: &str, offset: usize) -> Self {
        let before = source.get(..offset).unwrap_or(source);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line, column }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Origin::Policy(id) => write!(f, "policy {id}")?,
            Origin::Grant(id) => write!(f, "grant {id}")?,
            Origin::Catalogue => write!(f, "the catalogue")?,
        }
        if let Some(Position { line, column }) = self.at {
            write!(f, ", line {line}, column {column}")?;
        }
        write!(f, ": {}", self.sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_lines_and_characters_from_one() {
        let source = "a\nbü*c\n\nd";
        for (offset, line, column) in [(0, 1, 1), (1, 1, 2), (2, 2, 1), (5, 2, 3), (8, 3, 1), (9, 4, 1), (99, 4, 2)] {
            assert_eq!(Position::of(source, offset), Position { line, column }, "{offset}");
        }
    }

    #[test]
    fn what_is_refused_is_named_with_its_line() {
        let refused = |origin, at| Refused::new(origin, at, "no").to_string();
        let at = Some(Position { line: 3, column: 7 });
        assert_eq!(refused(Origin::Policy("p".into()), at), "policy p, line 3, column 7: no");
        assert_eq!(refused(Origin::Grant("g".into()), None), "grant g: no");
        assert_eq!(refused(Origin::Catalogue, None), "the catalogue: no");
    }
}
