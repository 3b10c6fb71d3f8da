//! What the asking application says beside action and resource: a JSON object of its own, sorted by type, because
//! Cedar's schema has types and knows no object of somebody else's. Nothing is left out silently: a forbid might have
//! been about it.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::question::BadQuestion;

const MOST_MEMBERS: usize = 64;
const DEEPEST: usize = 4;
const LONGEST_NAME: usize = 64;
const LONGEST_TEXT: usize = 1024;
const LONGEST_LIST: usize = 100;

/// By their paths: `order.total`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    pub(crate) owner: Option<String>,
    pub(crate) texts: Vec<(String, String)>,
    pub(crate) numbers: Vec<(String, i64)>,
    pub(crate) flags: Vec<(String, bool)>,
    pub(crate) lists: Vec<(String, Vec<String>)>,
}

impl Circumstances {
    /// Texts, whole numbers, booleans, lists of texts, and objects of these. `null` is as good as absent. `owner` is a
    /// subject's id.
    pub fn read(object: &Map<String, Value>) -> Result<Self, BadQuestion> {
        let mut reading = Reading { read: Self::default(), members: 0 };
        reading.object("", object, 1)?;
        match object.get("owner") {
            None | Some(Value::Null) => {}
            Some(Value::String(owner)) => reading.read.owner = Some(owner.clone()),
            Some(_) => return Err(bad("owner is the id of a subject")),
        }
        Ok(reading.read)
    }
}

struct Reading {
    read: Circumstances,
    members: usize,
}

impl Reading {
    fn object(&mut self, path: &str, object: &Map<String, Value>, depth: usize) -> Result<(), BadQuestion> {
        if depth > DEEPEST {
            return Err(bad(format!("objects are at most {DEEPEST} deep")));
        }
        self.members = self.members.saturating_add(object.len());
        if self.members > MOST_MEMBERS {
            return Err(bad(format!("there are at most {MOST_MEMBERS} members")));
        }
        for (name, value) in object {
            check_name(name)?;
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            self.value(path, value, depth)?;
        }
        Ok(())
    }

    fn value(&mut self, path: String, value: &Value, depth: usize) -> Result<(), BadQuestion> {
        match value {
            Value::Null => {}
            Value::Bool(flag) => self.read.flags.push((path, *flag)),
            Value::Number(number) => {
                let Some(whole) = whole(number) else {
                    return Err(bad(format!("{path} is no whole number of 64 bits")));
                };
                self.read.numbers.push((path, whole));
            }
            Value::String(text) => {
                let text = short(&path, text)?;
                self.read.texts.push((path, text));
            }
            Value::Array(entries) => {
                if entries.len() > LONGEST_LIST {
                    return Err(bad(format!("{path} has more than {LONGEST_LIST} entries")));
                }
                let texts = entries.iter().map(|entry| match entry {
                    Value::String(text) => short(&path, text),
                    _ => Err(bad(format!("{path} is a list of something else than texts"))),
                });
                let texts = texts.collect::<Result<Vec<_>, _>>()?;
                self.read.lists.push((path, texts));
            }
            Value::Object(inner) => self.object(&path, inner, depth + 1)?,
        }
        Ok(())
    }
}

/// To JSON, 5 and 5.0 are the same; beyond 2^53 a fraction's whole number may be another than the one that was written.
fn whole(number: &serde_json::Number) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let exact = |number: &f64| number.fract() == 0.0 && number.abs() <= EXACT;
    number.as_i64().or_else(|| format!("{:.0}", number.as_f64().filter(exact)?).parse().ok())
}

fn short(path: &str, text: &str) -> Result<String, BadQuestion> {
    if text.chars().count() > LONGEST_TEXT {
        return Err(bad(format!("{path} has more than {LONGEST_TEXT} characters")));
    }
    Ok(text.to_owned())
}

/// Without dots, so that a path has one meaning.
fn check_name(name: &str) -> Result<(), BadQuestion> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(fits) {
        return Err(bad(format!("names have 1 to {LONGEST_NAME} characters of A-Z, a-z, 0-9, _ and -")));
    }
    Ok(())
}

fn bad(sentence: impl Into<Cow<'static, str>>) -> BadQuestion {
    BadQuestion::new("context", sentence)
}

#[cfg(test)]
mod tests;
