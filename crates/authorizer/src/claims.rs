//! Claims as JSON (RFC 7519, section 4), read strictly: a member that stands twice, at any depth, refuses the token,
//! since two readers could take different ones; a claim of another type than it should have refuses it, too.

use std::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

use crate::Refusal;
use crate::refusal::shown;

#[derive(Debug)]
pub(crate) struct Claims(Map<String, Value>);

impl Claims {
    pub(crate) fn read(json: &[u8]) -> Result<Self, Refusal> {
        let read = serde_json::from_slice(json).map(|Strict(value)| value);
        match read.map_err(|error| Refusal::BadClaims { actual: shown(&error.to_string()) })? {
            Value::Object(claims) => Ok(Self(claims)),
            other => Err(Refusal::BadClaims { actual: kind(&other).to_owned() }),
        }
    }

    pub(crate) fn into_map(self) -> Map<String, Value> {
        self.0
    }

    pub(crate) fn has(&self, claim: &str) -> bool {
        self.0.contains_key(claim)
    }

    pub(crate) fn text(&self, claim: &'static str) -> Result<Option<&str>, Refusal> {
        match self.0.get(claim) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(bad(claim, "a string", other)),
        }
    }

    /// An empty text says nothing, so it is as good as none.
    pub(crate) fn needed_text(&self, claim: &'static str) -> Result<&str, Refusal> {
        self.text(claim)?.filter(|text| !text.is_empty()).ok_or(Refusal::MissingClaim { expected: claim })
    }

    /// A `NumericDate` without a fraction. What is no whole number, or does not fit, is no time: neither `1.7e9` nor
    /// `"1700000000"`.
    pub(crate) fn seconds(&self, claim: &'static str) -> Result<Option<i64>, Refusal> {
        let Some(value) = self.0.get(claim) else { return Ok(None) };
        value.as_i64().map(Some).ok_or_else(|| bad(claim, "whole seconds since 1970", value))
    }

    /// A string is a list of one.
    pub(crate) fn audience(&self) -> Result<Vec<String>, Refusal> {
        match self.0.get("aud") {
            Some(Value::String(one)) => Ok(vec![one.clone()]),
            _ => self.list("aud"),
        }
    }

    /// No claim is an empty list.
    pub(crate) fn list(&self, claim: &str) -> Result<Vec<String>, Refusal> {
        let Some(value) = self.0.get(claim) else { return Ok(Vec::new()) };
        let refuse = |wrong: &Value| bad(claim, "an array of strings", wrong);
        let members = value.as_array().ok_or_else(|| refuse(value))?;
        members.iter().map(|one| one.as_str().map(str::to_owned).ok_or_else(|| refuse(one))).collect()
    }

    /// `scp`, or else `scope`: API Gateway's order. A string holds scopes between spaces; a member of an array is one
    /// scope, so it has none.
    pub(crate) fn scopes(&self) -> Result<Vec<String>, Refusal> {
        let claim = if self.has("scp") { "scp" } else { "scope" };
        if let Some(Value::String(text)) = self.0.get(claim) {
            return Ok(text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect());
        }
        let scopes = self.list(claim)?;
        match scopes.iter().find(|scope| scope.is_empty() || scope.contains(' ')) {
            Some(several) => Err(bad(claim, "an array of single scopes", &Value::String(several.clone()))),
            None => Ok(scopes),
        }
    }
}

fn bad(claim: &str, expected: &'static str, actual: &Value) -> Refusal {
    Refusal::BadClaim { claim: shown(claim), expected, actual: kind(actual) }
}

/// What a value is, without saying it: a claim may hold what does not belong in a log.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number with a fraction or an exponent",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// A value of which no object has a member twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("no number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = members.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let Strict(value) = members.next_value()?;
            if values.insert(name, value).is_some() {
                return Err(A::Error::custom("a member twice"));
            }
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(json: &str) -> Result<Claims, Refusal> {
        Claims::read(json.as_bytes())
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        for json in [
            r#"{"sub":"a","sub":"a"}"#,
            r#"{"sub":"a","\u0073ub":"b"}"#,
            r#"{"cnf":{"jkt":"a","jkt":"b"}}"#,
            r#"{"a":[{"b":1,"b":1}]}"#,
            r#"{"a":1} {"a":1}"#,
            r#"{"a":1,}"#,
            r#"{"a":NaN}"#,
            r#"{"a":1e999}"#,
            r#"{"a":"\ud800"}"#,
            "[]",
            "null",
            r#""{}""#,
            "",
        ] {
            assert!(matches!(read(json), Err(Refusal::BadClaims { .. })), "{json}");
        }
        assert!(Claims::read(b"{\"a\":\"\xff\"}").is_err());
        assert!(read(&format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000))).is_err());
    }

    #[test]
    fn a_refusal_does_not_say_what_a_claim_holds() {
        let refusal = read(r#"{"sub":{"email":"ann@example.com"}}"#).unwrap().text("sub").unwrap_err();
        assert_eq!(refusal.to_string(), "the claim sub is an object, expected a string");
        let refusal = read(r#"{"email":"ann@example.com","email":"ann@example.com"}"#).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the claims are no JSON object with each member once: a member twice at line 1 column 53"
        );
    }

    #[test]
    fn times_are_whole_seconds() {
        let of = |json: &str| read(&format!(r#"{{"exp":{json}}}"#)).unwrap().seconds("exp");
        assert_eq!(of("1700000000").unwrap(), Some(1_700_000_000));
        assert_eq!(of("-1").unwrap(), Some(-1));
        assert_eq!(read("{}").unwrap().seconds("exp").unwrap(), None);
        for wrong in
            ["1.7e9", "1700000000.0", r#""1700000000""#, "null", "9223372036854775808", "1e400000", "[1]", "true"]
        {
            let read = read(&format!(r#"{{"exp":{wrong}}}"#)).and_then(|claims| claims.seconds("exp"));
            assert!(read.is_err(), "{wrong}");
        }
    }

    #[test]
    fn scopes_are_words_between_spaces_or_members_of_a_flat_array() {
        let of = |json: &str| read(json).unwrap().scopes();
        assert_eq!(of(r#"{"scope":"a/read  b\tc "}"#).unwrap(), ["a/read", "b\tc"]);
        assert_eq!(of(r#"{"scope":"of scope","scp":["of-scp"]}"#).unwrap(), ["of-scp"]);
        assert_eq!(of(r#"{"scp":"a b"}"#).unwrap(), ["a", "b"]);
        assert_eq!(of(r#"{"scope":[]}"#).unwrap(), [""; 0]);
        assert_eq!(of("{}").unwrap(), [""; 0]);
        for wrong in [
            r#"[["a"]]"#,
            r#"["a",["b"]]"#,
            r#"["a b"]"#,
            r#"[""]"#,
            r#"["a",1]"#,
            r#"{"a":true}"#,
            "null",
            "7",
            "[null]",
        ] {
            assert!(matches!(of(&format!(r#"{{"scope":{wrong}}}"#)), Err(Refusal::BadClaim { .. })), "{wrong}");
            assert!(of(&format!(r#"{{"scope":"a","scp":{wrong}}}"#)).is_err(), "{wrong}");
        }
    }

    /// Any JSON, with members that may stand twice.
    fn json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            any::<bool>().prop_map(|value| value.to_string()),
            any::<i64>().prop_map(|value| value.to_string()),
            any::<f64>().prop_filter("finite", |value| value.is_finite()).prop_map(|value| format!("{value:e}")),
            "\\PC{0,8}".prop_map(|text| serde_json::to_string(&text).unwrap()),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(|members| format!("[{}]", members.join(","))),
                prop::collection::vec(("[ab]", inner), 0..4).prop_map(|members| {
                    let members: Vec<String> =
                        members.iter().map(|(name, value)| format!("{name:?}:{value}")).collect();
                    format!("{{{}}}", members.join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn bytes_of_any_kind_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            drop(Claims::read(&bytes));
        }

        /// Whatever is read is what serde_json reads, too; it is refused only if writing it again loses something.
        #[test]
        fn what_is_read_is_what_others_read(json in json()) {
            let ours = serde_json::from_str(&json).map(|Strict(value)| value);
            let theirs: Value = serde_json::from_str(&json).unwrap();
            match ours {
                Ok(value) => prop_assert_eq!(value, theirs),
                Err(error) => prop_assert!(error.to_string().starts_with("a member twice"), "{}", error),
            }
        }
    }
}
