//! What must be true beside a grant: a small language in JSON, each member of which becomes a `when` in Cedar's own
//! JSON form. No text is put together, so nothing that stands in a condition can become Cedar.
//!
//! * `{"own": true}`: the circumstances name the subject as `owner`.
//! * `{"scopes": ["orders/read"]}`, `{"entitlements": ["export"]}`: the subject has all of them.
//! * `{"groups": ["staff"]}`: the subject is in one of them.
//! * `{"plan": ["pro"]}`, `{"kinds": ["user", "device"]}`: the subject's is one of them.
//! * `{"within": ["10.0.0.0/8"]}`: the caller's address is in one of them.
//!
//! Several members must all be true.

use std::net::IpAddr;

use cognate_domain::directory::SubjectKind;
use serde_json::{Map, Value, json};

const MOST_ENTRIES: usize = 100;
const LONGEST_ENTRY: usize = 256;

/// An expression for each member, or what is wrong.
pub(crate) fn read(condition: &Map<String, Value>) -> Result<Vec<Value>, String> {
    if condition.is_empty() {
        return Err("a condition says something, or is left out".to_owned());
    }
    condition.iter().map(|(name, value)| member(name, value)).collect()
}

fn member(name: &str, value: &Value) -> Result<Value, String> {
    let principal = |attribute: &str| attribute_of("principal", attribute);
    match name {
        "own" if *value == Value::Bool(true) => {
            let same = json!({ "==": { "left": attribute_of("context", "owner"), "right": principal("id") } });
            Ok(only_with("owner", &same))
        }
        "own" => Err("own is true, or left out".to_owned()),
        "scopes" | "entitlements" => Ok(holds(&principal(name), "containsAll", &set(name, value)?)),
        "groups" => Ok(holds(&principal(name), "containsAny", &set(name, value)?)),
        "plan" => Ok(holds(&set(name, value)?, "contains", &principal("plan"))),
        "kinds" => {
            for kind in entries(name, value)? {
                SubjectKind::from_name(kind).map_err(|_| format!("{kind:?} is no kind of subject"))?;
            }
            Ok(holds(&set(name, value)?, "contains", &principal("kind")))
        }
        "within" => within(name, value),
        _ => Err(format!(
            "{name:?} is no condition; there are own, scopes, entitlements, groups, plan, kinds and within"
        )),
    }
}

fn within(name: &str, value: &Value) -> Result<Value, String> {
    let mut any = json!({ "Value": false });
    for network in entries(name, value)? {
        check_network(network)?;
        let lies_in = json!({ "isInRange": [attribute_of("context", "address"), { "ip": [{ "Value": network }] }] });
        any = json!({ "||": { "left": any, "right": lies_in } });
    }
    Ok(only_with("address", &any))
}

fn check_network(network: &str) -> Result<(), String> {
    let (address, length) =
        network.split_once('/').map_or((network, None), |(address, length)| (address, Some(length)));
    let longest = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(inner)) if inner.to_ipv4_mapped().is_none() => 128,
        // A caller's mapped address is told as the IPv4 address that it is.
        _ => return Err(format!("{network:?} is no network")),
    };
    let fits = |length: &str| {
        let digits = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
        digits
            && (length == "0" || !length.starts_with('0'))
            && length.parse::<u8>().is_ok_and(|length| length <= longest)
    };
    if length.is_none_or(fits) { Ok(()) } else { Err(format!("{network:?} is no network")) }
}

/// The list's texts: 1 to 100, each of 1 to 256 characters.
fn entries<'a>(name: &str, value: &'a Value) -> Result<Vec<&'a str>, String> {
    let refused = || format!("{name} is a list of 1 to {MOST_ENTRIES} texts of 1 to {LONGEST_ENTRY} characters");
    let list = value.as_array().filter(|list| (1..=MOST_ENTRIES).contains(&list.len())).ok_or_else(refused)?;
    let fits = |text: &&str| !text.is_empty() && text.chars().count() <= LONGEST_ENTRY;
    list.iter().map(|entry| entry.as_str().filter(fits).ok_or_else(refused)).collect()
}

fn set(name: &str, value: &Value) -> Result<Value, String> {
    let entries = entries(name, value)?.into_iter().map(|entry| json!({ "Value": entry }));
    Ok(json!({ "Set": entries.collect::<Vec<_>>() }))
}

fn attribute_of(variable: &str, attribute: &str) -> Value {
    json!({ ".": { "left": { "Var": variable }, "attr": attribute } })
}

fn holds(left: &Value, operator: &str, right: &Value) -> Value {
    json!({ operator: { "left": left, "right": right } })
}

/// Of what need not be known.
fn only_with(attribute: &str, expression: &Value) -> Value {
    let known = json!({ "has": { "left": { "Var": "context" }, "attr": attribute } });
    json!({ "&&": { "left": known, "right": expression } })
}

#[cfg(test)]
mod tests;
