//! A pattern of the model in AWS's spelling, which messages repeat, and in ours, which is compiled at first use.

use std::sync::OnceLock;

use regex::Regex;

pub struct Pattern {
    /// As the model has it.
    pub text: &'static str,
    /// As the generator translated it: the whole value must match, `\w` and its like are ASCII.
    pub rust: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub const fn new(text: &'static str, rust: &'static str) -> Self {
        Self { text, rust, compiled: OnceLock::new() }
    }

    /// A pattern that does not compile matches nothing; a test compiles every one.
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled().is_some_and(|regex| regex.is_match(text))
    }

    pub fn compiles(&self) -> bool {
        self.compiled().is_some()
    }

    fn compiled(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(self.rust).ok()).as_ref()
    }
}
