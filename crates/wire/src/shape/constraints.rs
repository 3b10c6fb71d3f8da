//! Second pass: every violated constraint, in one sentence. Seen from Cognito: the head and its plural, paths such as
//! `schema.1.member.name`, no value where it is secret or null, `Member must satisfy constraint: [..]` for lists of
//! strings (all constraints of the item: max, min, pattern), `Map value must satisfy constraint: [..]`; length before
//! pattern and the reverse. Seen from other services: `Map keys must satisfy constraint`, blobs. Assumed: the order of
//! members is the model's, only a member's first letter is lowered (`mFAOptions`), lists and maps that hold structures
//! are printed only when empty.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::{Bounds, Kind, Shape};

/// AWS repeats values and violations whole; an answer of ours stays readable. Characters, and violations.
const PRINTED: usize = 2_000;
const REPORTED: usize = 100;

const NOT_NULL: &str = "Member must not be null";

pub(super) fn check(shape: &'static Shape, value: &Value) -> Result<(), String> {
    let mut walk = Walk { path: String::new(), found: Vec::new() };
    walk.enter(shape, value, shape.secret);

    match walk.found.len() {
        0 => Ok(()),
        1 => Err(format!("1 validation error detected: {}", walk.found.concat())),
        n => Err(format!("{n} validation errors detected: {}", walk.found.join("; "))),
    }
}

struct Walk {
    path: String,
    found: Vec<String>,
}

impl Walk {
    /// What lies inside a structure, a list or a map.
    fn enter(&mut self, shape: &'static Shape, value: &Value, secret: bool) {
        match (&shape.kind, value) {
            (Kind::Structure(members), Value::Object(values)) => {
                for member in *members {
                    let value = values.get(member.name).filter(|value| !value.is_null());
                    if value.is_some() || member.required {
                        self.at(value, member.shape, secret, |path| push_lower_first(path, member.name));
                    }
                }
            }
            (Kind::List { item, .. }, Value::Array(values)) if item.is_composite() => {
                for (index, value) in (1..).zip(values) {
                    self.at(some(value), item, secret, |path| {
                        let _ = write!(path, "{index}.member");
                    });
                }
            }
            (Kind::Map { value: shape, .. }, Value::Object(values)) if shape.is_composite() => {
                for (key, value) in present(values) {
                    self.at(Some(value), shape, secret, |path| {
                        let _ = write!(path, "{}.member", shorten(key));
                    });
                }
            }
            _ => {}
        }
    }

    /// One step down: `push` appends the name of the step.
    fn at(&mut self, value: Option<&Value>, shape: &'static Shape, secret: bool, push: impl FnOnce(&mut String)) {
        let before = self.path.len();
        if before > 0 {
            self.path.push('.');
        }
        push(&mut self.path);

        if let Some(value) = value {
            let secret = secret || shape.secret;
            for constraint in violated(shape, value) {
                self.report(printed(shape, value, secret), &constraint);
            }
            self.enter(shape, value, secret);
        } else {
            self.report(None, NOT_NULL);
        }

        self.path.truncate(before);
    }

    fn report(&mut self, printed: Option<String>, constraint: &str) {
        if self.found.len() >= REPORTED {
            return;
        }
        let mut sentence = String::from("Value ");
        if let Some(printed) = printed {
            let _ = write!(sentence, "'{printed}' ");
        }
        let _ = write!(sentence, "at '{}' failed to satisfy constraint: {constraint}", self.path);
        self.found.push(sentence);
    }
}

impl Shape {
    fn is_composite(&self) -> bool {
        matches!(self.kind, Kind::Structure(_) | Kind::List { .. } | Kind::Map { .. })
    }

    /// Every constraint that the shape puts on a value of its own.
    fn constraints(&self) -> Vec<String> {
        match &self.kind {
            Kind::String { length, pattern } => {
                let mut all = length.sentences("length");
                all.extend(pattern.map(|pattern| pattern_sentence(pattern.text)));
                all
            }
            Kind::Enum(names) => vec![enum_sentence(names)],
            Kind::List { length, .. } | Kind::Map { length, .. } | Kind::Blob(length) => length.sentences("length"),
            Kind::Integer(range) | Kind::Long(range) => range.sentences("value"),
            Kind::Structure(_) | Kind::Boolean | Kind::Timestamp | Kind::Document => Vec::new(),
        }
    }
}

impl Bounds {
    fn sentences(self, of: &str) -> Vec<String> {
        let max = self.max.map(|max| format!("Member must have {of} less than or equal to {max}"));
        let min = self.min.map(|min| format!("Member must have {of} greater than or equal to {min}"));
        max.into_iter().chain(min).collect()
    }

    fn violated(self, size: i64, of: &str) -> Vec<String> {
        let min = self.min.filter(|min| size < *min);
        let max = self.max.filter(|max| size > *max);
        Self { min, max }.sentences(of)
    }
}

fn violated(shape: &Shape, value: &Value) -> Vec<String> {
    match (&shape.kind, value) {
        (Kind::String { .. } | Kind::Enum(_), Value::String(text)) => violated_by_text(shape, text),
        (Kind::Integer(range) | Kind::Long(range), Value::Number(number)) => {
            number.as_i64().map(|number| range.violated(number, "value")).unwrap_or_default()
        }
        (Kind::Blob(length), Value::String(text)) => length.violated(size(decoded_length(text)), "length"),
        (Kind::List { item, length }, Value::Array(values)) => {
            let mut found = length.violated(size(values.len()), "length");
            let null = values.iter().any(Value::is_null);
            if !item.is_composite() && (null || values.iter().any(|value| !violated(item, value).is_empty())) {
                // All that is asked of an item, not only what is violated: so AWS says it.
                let mut all = item.constraints();
                all.extend(null.then(|| NOT_NULL.to_owned()));
                found.push(format!("Member must satisfy constraint: [{}]", all.join(", ")));
            }
            found
        }
        (Kind::Map { key, value: shape, length }, Value::Object(values)) => {
            let mut found = length.violated(size(present(values).count()), "length");
            if !present(values).all(|(name, _)| violated_by_text(key, name).is_empty()) {
                found.push(format!("Map keys must satisfy constraint: [{}]", key.constraints().join(", ")));
            }
            if !shape.is_composite() && !present(values).all(|(_, value)| violated(shape, value).is_empty()) {
                found.push(format!("Map value must satisfy constraint: [{}]", shape.constraints().join(", ")));
            }
            found
        }
        _ => Vec::new(),
    }
}

fn violated_by_text(shape: &Shape, text: &str) -> Vec<String> {
    match &shape.kind {
        Kind::String { length, pattern } => {
            let mut found = length.violated(utf16_length(text), "length");
            found.extend(pattern.filter(|p| !p.is_match(text)).map(|p| pattern_sentence(p.text)));
            found
        }
        Kind::Enum(names) if !names.contains(&text) => vec![enum_sentence(names)],
        _ => Vec::new(),
    }
}

/// The entries of a map; one whose value is `null` is absent, like a member.
fn present(values: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    values.iter().filter(|(_, value)| !value.is_null())
}

fn pattern_sentence(text: &str) -> String {
    format!("Member must satisfy regular expression pattern: {text}")
}

fn enum_sentence(names: &[&str]) -> String {
    format!("Member must satisfy enum value set: [{}]", names.join(", "))
}

/// The value as Java prints it, or `None` where it is not printed.
fn printed(shape: &Shape, value: &Value, secret: bool) -> Option<String> {
    if secret || shape.secret {
        return None;
    }
    let whole = match (&shape.kind, value) {
        (Kind::Blob(_), Value::String(text)) => {
            let length = decoded_length(text);
            format!("java.nio.HeapByteBuffer[pos=0 lim={length} cap={length}]")
        }
        (Kind::List { .. }, Value::Array(values)) if values.is_empty() => "[]".to_owned(),
        (Kind::Map { .. }, Value::Object(values)) if present(values).next().is_none() => "{}".to_owned(),
        (Kind::List { item, .. }, Value::Array(values)) if !item.is_composite() && !item.secret => {
            let items: Vec<String> = values.iter().map(scalar).collect();
            format!("[{}]", items.join(", "))
        }
        (Kind::Map { key, value: shape, .. }, Value::Object(values))
            if !shape.is_composite() && !shape.secret && !key.secret =>
        {
            let entries: Vec<String> = present(values).map(|(key, value)| format!("{key}={}", scalar(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        (Kind::List { .. } | Kind::Map { .. }, _) => return None,
        _ => scalar(value),
    };
    Some(shorten(&whole))
}

fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(PRINTED) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn push_lower_first(path: &mut String, name: &str) {
    let mut chars = name.chars();
    path.extend(chars.next().map(|first| first.to_ascii_lowercase()));
    path.push_str(chars.as_str());
}

fn some(value: &Value) -> Option<&Value> {
    Some(value).filter(|value| !value.is_null())
}

/// As Java counts: UTF-16 code units.
fn utf16_length(text: &str) -> i64 {
    size(if text.is_ascii() { text.len() } else { text.encode_utf16().count() })
}

/// Of base64 that the first pass has found sound.
fn decoded_length(text: &str) -> usize {
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    (text.len() / 4 * 3).saturating_sub(padding)
}

fn size(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
