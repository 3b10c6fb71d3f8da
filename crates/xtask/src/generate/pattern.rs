//! A pattern as AWS reads it (Java's reading, the whole value) in the syntax of the `regex` crate.
//!
//! The five rules are those of the design page "proven forms", section A. STS's `\u10000-\u10FFFF` is read by Java and
//! by `regex` alike as U+1000, `0` to U+10FF and `F`: it is kept so until AWS's own answer is known.

use anyhow::{Result, bail};

const WORD: &str = "0-9A-Za-z_";
const SPACE: &str = r" \t\n\x0B\f\r";
const DOT: &str = r"[^\n\r\u0085\u2028\u2029]";

/// Patterns that cannot be translated by rule, with what they mean.
const BY_HAND: [(&str, &str); 1] = [(r"^[0-9A-Za-z\.\-_]*(?<!\.)$", r"\A(?:[0-9A-Za-z.\-_]*[0-9A-Za-z\-_])?\z")];

pub(crate) fn translate(pattern: &str) -> Result<String> {
    if let Some((_, meaning)) = BY_HAND.iter().find(|(known, _)| *known == pattern) {
        return Ok((*meaning).to_owned());
    }
    for unknown in ["(?<", "(?=", "(?!", r"\b", r"\B", r"\h", r"\R", r"\X", "&&", "--", "~~", "++", "*+", "?+"] {
        if pattern.contains(unknown) {
            bail!("the pattern {pattern} holds {unknown}, which must be translated by hand");
        }
    }

    let dot_is_all = pattern.starts_with("(?s)");
    let mut rust = String::from(r"\A(?:");
    let mut in_class = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let Some(escaped) = chars.next() else { bail!("the pattern {pattern} ends with a backslash") };
                rust.push_str(&escape(escaped, in_class));
            }
            '[' if in_class => bail!("the pattern {pattern} holds a class in a class"),
            '[' => {
                in_class = true;
                rust.push('[');
            }
            ']' => {
                in_class = false;
                rust.push(']');
            }
            '.' if !in_class && !dot_is_all => rust.push_str(DOT),
            c => rust.push(c),
        }
    }
    rust.push_str(r")\z");
    Ok(rust)
}

fn escape(c: char, in_class: bool) -> String {
    match (c, in_class) {
        ('w', true) => WORD.to_owned(),
        ('w', false) => format!("[{WORD}]"),
        ('s', true) => SPACE.to_owned(),
        ('s', false) => format!("[{SPACE}]"),
        ('d', true) => "0-9".to_owned(),
        ('d', false) => "[0-9]".to_owned(),
        ('S', _) => format!("[^{SPACE}]"),
        ('W', _) => format!("[^{WORD}]"),
        ('D', _) => "[^0-9]".to_owned(),
        (c, _) => format!(r"\{c}"),
    }
}

#[cfg(test)]
mod tests {
    use super::translate;
    use crate::generate::{SERVICES, model};

    #[test]
    fn every_pattern_of_the_models_is_understood() {
        for service in SERVICES {
            for shape in model::load(service).unwrap().shapes.into_values() {
                let rust = shape.pattern.as_deref().map(|pattern| translate(pattern).unwrap());
                assert!(rust.is_none_or(|rust| rust.starts_with(r"\A(?:") && rust.ends_with(r"\z")));
            }
        }
    }

    #[test]
    fn the_whole_value_must_match_and_classes_are_ascii() {
        assert_eq!(translate(r"[\w-]+_[0-9a-zA-Z]+").unwrap(), r"\A(?:[0-9A-Za-z_-]+_[0-9a-zA-Z]+)\z");
        assert_eq!(translate(r"[\S]+").unwrap(), r"\A(?:[[^ \t\n\x0B\f\r]]+)\z");
        assert_eq!(translate(r"\d+").unwrap(), r"\A(?:[0-9]+)\z");
    }

    #[test]
    fn a_dot_stops_at_line_ends_unless_told_otherwise() {
        assert_eq!(
            translate(r".*\{####\}.*").unwrap(),
            r"\A(?:[^\n\r\u0085\u2028\u2029]*\{####\}[^\n\r\u0085\u2028\u2029]*)\z"
        );
        assert_eq!(translate("(?s).*").unwrap(), r"\A(?:(?s).*)\z");
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(translate(r"(?<!x)y").is_err());
        assert!(translate(r"[a&&b]").is_err());
    }
}
