//! A pattern of the model in AWS's spelling, which messages repeat, and in ours, which is compiled at first use.

use std::sync::OnceLock;

use regex::Regex;

pub struct Pattern {
    /// As the model has it.
    pub text: &'static str,
    /// As the generator translated it: the whole value must match, `\w` and its like are ASCII.
    pub rust: &'static str,
    compiled: OnceLock<Option<Compiled>>,
}

enum Compiled {
    /// One or more characters of a class of ASCII: tokens of a kilobyte are looked at in every call.
    Class(Box<Class>),
    Regex(Regex),
}

/// By byte, so that looking at one is one look.
type Class = [bool; 256];

impl Pattern {
    pub const fn new(text: &'static str, rust: &'static str) -> Self {
        Self { text, rust, compiled: OnceLock::new() }
    }

    /// A pattern that does not compile matches nothing; a test compiles every one.
    pub fn is_match(&self, text: &str) -> bool {
        match self.compiled() {
            Some(Compiled::Class(class)) => !text.is_empty() && text.bytes().all(|byte| among(class, byte)),
            Some(Compiled::Regex(regex)) => regex.is_match(text),
            None => false,
        }
    }

    pub fn compiles(&self) -> bool {
        self.compiled().is_some()
    }

    fn compiled(&self) -> Option<&Compiled> {
        let compile = || match class(self.rust) {
            Some(class) => Some(Compiled::Class(Box::new(class))),
            None => Regex::new(self.rust).ok().map(Compiled::Regex),
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

fn among(class: &Class, byte: u8) -> bool {
    class.get(usize::from(byte)).is_some_and(|holds| *holds)
}

/// The class of a pattern that is `\A(?:[..]+)\z` and nothing else, if it is of plain ASCII letters, ranges and marks.
fn class(rust: &str) -> Option<Class> {
    let body = rust.strip_prefix(r"\A(?:[")?.strip_suffix(r"]+)\z")?;
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'[' | b']' | b'^' | b'\\' | b'&' | b'~');
    if !body.bytes().all(plain) || body.contains("--") {
        return None;
    }
    let mut class = [false; 256];
    let mut bytes = body.as_bytes();
    while let [first, after @ ..] = bytes {
        let (last, after) = match after {
            [b'-', last, after @ ..] => (last, after),
            _ => (first, after),
        };
        for byte in *first..=*last {
            if let Some(holds) = class.get_mut(usize::from(byte)) {
                *holds = true;
            }
        }
        bytes = after;
    }
    Some(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_matches_exactly_what_its_regex_does() {
        for rust in [
            r"\A(?:[A-Za-z0-9-_=.]+)\z",
            r"\A(?:[0-9A-Za-z_+]+)\z",
            r"\A(?:[A-Za-z0-9]+)\z",
            r"\A(?:[a-]+)\z",
            r"\A(?:[-a]+)\z",
        ] {
            assert!(class(rust).is_some(), "{rust}");
            let (quick, regex) = (Pattern::new("", rust), Regex::new(rust).unwrap());
            let alone = (0..=0x2ff_u32).filter_map(char::from_u32).map(String::from);
            let among = (0..=0x2ff_u32).filter_map(char::from_u32).map(|letter| format!("a{letter}a"));
            for text in alone.chain(among).chain([String::new()]) {
                assert_eq!(quick.is_match(&text), regex.is_match(&text), "{rust} {text:?}");
            }
        }
    }

    #[test]
    fn every_other_pattern_is_left_to_the_regex() {
        for rust in [
            r"\A(?:[[^ \t]]+)\z",
            r"\A(?:[a]+[b]+)\z",
            r"\A(?:[^a]+)\z",
            r"\A(?:[\w]+)\z",
            r"\A(?:[a-c&&b]+)\z",
            r"\A(?:[!--]+)\z",
            r"\A(?:[a]*)\z",
            r"\A(?:a+)\z",
        ] {
            assert!(class(rust).is_none(), "{rust}");
        }
    }
}
